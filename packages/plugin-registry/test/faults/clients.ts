import {createHash, randomUUID} from 'node:crypto'
import {EventEmitter, once} from 'node:events'
import {setTimeout as sleep} from 'node:timers/promises'

import {tar} from '../../../package-format/test/support/raw-tar.js'
import {zst} from '../../../package-format/test/support/raw-zstd.js'
import {boundary, uploadOf, uploadWith} from '../support/uploads.js'
import type {Deployment} from './deployment.js'
import type {KnownToken, Ledger} from './ledger.js'
import {type Answer, sendRequest, type Sent} from './send-request.js'

/** Clients that create, use, rotate and revoke tokens and publish versions, until they are stopped. */
export class Clients {
  #isRunning = true
  #count = 0
  readonly #acknowledged = new EventEmitter()
  readonly #loops: Promise<void>[]

  constructor(
    private readonly deployment: Pick<Deployment, 'url' | 'sessions'>,
    private readonly ledger: Ledger,
    private readonly random: () => number,
  ) {
    this.#loops = deployment.sessions.map((owner) => this.#loop(owner))
  }

  /** Waits until this many more changes were acknowledged. */
  async acknowledge(count: number): Promise<void> {
    const enough = this.#count + count
    while (this.#count < enough) await once(this.#acknowledged, 'change')
  }

  /** Waits for the last responses. */
  async stop(): Promise<void> {
    this.#isRunning = false
    await Promise.all(this.#loops)
  }

  async #loop({user, session}: {user: string; session: string}): Promise<void> {
    const own: KnownToken[] = []
    for (let number = 0; this.#isRunning; number++) {
      const token = own[Math.floor(this.random() * own.length)]
      const chosen = this.random()
      if (chosen < 0.25) await this.#publish(user, session, number)
      else if (token === undefined || chosen < 0.55) {
        const created = await this.#create(user, session, number)
        if (created.value !== undefined) own.push(created)
      } else if (chosen < 0.75) {
        if (!(await this.#rotate(token, session))) own.splice(own.indexOf(token), 1)
      } else {
        await this.#revoke(token, session)
        own.splice(own.indexOf(token), 1)
      }
    }
  }

  async #create(user: string, session: string, number: number): Promise<KnownToken> {
    const label = `token ${number}`
    const sent = {token: session, body: {name: label}, headers: {'idempotency-key': randomUUID()}}
    const create = () => this.#send('POST', '/auth/tokens', sent)
    let answer = await create()
    let creation = this.ledger.judge('create', answer)
    // The same request again settles what the first one left open.
    if (creation === 'unknown' && this.random() < 0.5) {
      answer = await create()
      const again = this.ledger.judge('create again', answer)
      creation = again === 'made' ? 'made' : 'unknown'
    }
    const token: KnownToken = {user, label, creation}
    if (creation === 'made') Object.assign(token, {id: answer?.body.id, value: answer?.body.token})
    this.ledger.tokens.push(token)
    this.#note(creation === 'made')
    return token
  }

  /** @returns whether it can be rotated again */
  async #rotate(token: KnownToken, session: string): Promise<boolean> {
    const answer = await this.#send('POST', `/auth/tokens/${token.id}/rotate`, {token: session, body: {}})
    const rotation = this.ledger.judge('rotate', answer)
    if (rotation !== 'made') return rotation === 'refused'
    this.#note(true)
    const value = String(answer?.body.token)
    const status = await this.#use(value)
    if (status === undefined) return false
    if (status !== 200) this.ledger.unexpected.push(`the new value of ${token.label} was refused with ${status}`)
    token.value = value
    return true
  }

  async #revoke(token: KnownToken, session: string): Promise<void> {
    const answer = await this.#send('DELETE', `/auth/tokens/${token.id}`, {token: session})
    // A proxy repeats it after the connection broke, and the first one has revoked it.
    token.revocation = this.ledger.judge('revoke', answer, answer?.isRepeated === true ? ['TOKEN_NOT_FOUND'] : [])
    if (token.revocation !== 'made') return
    this.#note(true)
    if ((await this.#use(token.value!)) === 200)
      this.ledger.unexpected.push(`${token.label} worked after it was revoked`)
  }

  async #publish(user: string, session: string, number: number): Promise<void> {
    // Each fourth one is the first of its package.
    const name = `@${user}/package-${Math.floor(number / 4)}`
    const version = `1.${number}.0`
    const manifest = {name, version, type: 'skill', visibility: 'public'}
    const sent = uploadWith(manifest, zst(tar({name: 'apkg.json', content: JSON.stringify(manifest)})))
    const answer = await this.#send('PUT', `/packages/${encodeURIComponent(name)}`, {
      token: session,
      body: uploadOf(sent),
      headers: {'content-type': `multipart/form-data; boundary=${boundary}`},
    })
    const publication = this.ledger.judge('publish', answer)
    const sha256 = createHash('sha256').update(sent.tarball).digest('hex')
    this.ledger.versions.push({user, name, version, sha256, publication})
    this.#note(publication === 'made')
  }

  /** Tries until a registry answers. @returns undefined if the clients were stopped before */
  async #use(token: string): Promise<number | undefined> {
    while (this.#isRunning) {
      const answer = await this.#send('GET', '/auth/whoami', {token})
      if (answer && answer.status < 500) return answer.status
    }
    return undefined
  }

  async #send(method: string, path: string, sent: Sent): Promise<Answer | undefined> {
    const answer = await sendRequest(this.deployment.url + path, method, sent)
    // While a registry starts, requests would take the time that it needs.
    if (answer?.body === undefined && answer?.status !== 204) await sleep(20)
    return answer
  }

  #note(isAcknowledged: boolean): void {
    if (!isAcknowledged) return
    this.#count++
    this.#acknowledged.emit('change')
  }
}
