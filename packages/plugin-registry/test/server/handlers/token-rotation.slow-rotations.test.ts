import assert from 'node:assert/strict'
import {randomInt} from 'node:crypto'
import {describe, it} from 'node:test'

import {hashSecret} from '../../../src/server/auth/credential-values.js'
import {operator} from '../../../src/server/store/store.js'
import {randomFrom} from '../../support/random-from.js'
import {createWorld, day, hour, minute, type World} from '../../support/world.js'

const interleavings = 1000
const steps = 10

/** Who asks for the rotations of one interleaving: a login, or the token itself. */
type Asking = 'session' | 'token'

/**
 * A client with a token. It keeps what it received until it has used something newer. One that rotates its own token has
 * only one place for the value, as in a file.
 */
class Client {
  held: string[]
  /** Every value that the registry sent, including those that were lost on the way. */
  readonly sent: string[]
  readonly trace: string[] = []

  constructor(
    private readonly world: World,
    private readonly id: string,
    readonly asking: Asking,
    private readonly random: () => number,
    first: string,
  ) {
    this.held = [first]
    this.sent = [first]
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[Math.floor(this.random() * items.length)]!
  }

  async step(): Promise<void> {
    const name = this.pick(['rotate', 'rotate', 'rotate', 'twice', 'use', 'use', 'useOld', 'pass', 'pass'] as const)
    this.trace.push(name)
    await this[name]()
  }

  /** Rotates, and is killed or loses an answer at any point. */
  async rotate(): Promise<void> {
    const value = await this.request()
    if (value === undefined) return
    const fate = this.pick([
      'answer lost',
      'undelivered',
      'killed after delivery',
      'answer to use lost',
      'done',
      'done',
    ])
    this.trace.push(fate)
    if (fate === 'answer lost') return
    if (fate === 'undelivered') return this.drop(value)
    this.deliver(value)
    if (fate === 'killed after delivery') return
    const isUsed = await this.works(value)
    if (fate !== 'answer to use lost' && isUsed) this.held = [value]
  }

  /** Two rotations at once. The answer to the first one is delivered last. */
  async twice(): Promise<void> {
    const values = await Promise.all([this.request(), this.request()])
    for (const value of values.reverse()) {
      if (value === undefined || !this.isLive(await this.find(value))) continue
      this.deliver(value)
      if (await this.works(value)) this.held = [value]
    }
  }

  async use(): Promise<void> {
    const newest = this.held.at(-1)!
    if (await this.works(newest)) this.held = [newest]
  }

  /** A job that began with an older value, or a thief. */
  async useOld(): Promise<void> {
    const value = this.pick(this.sent.filter((each) => this.held.includes(each) || this.wasUsed.has(each)))
    const isLive = this.isLive(await this.find(value))
    assert.equal(await this.works(value), isLive)
  }

  async pass(): Promise<void> {
    const time = this.pick([minute, hour, 13 * hour, 25 * hour, 8 * day])
    this.trace.push(`${time / minute} minutes`)
    this.world.pass(time)
  }

  readonly wasUsed = new Set<string>()

  private deliver(value: string): void {
    if (this.asking === 'token') this.held = [value]
    else this.held.push(value)
  }

  /** Sessions don't last as long as the time that passes. */
  private async credential(): Promise<string> {
    return this.asking === 'session' ? (await this.world.logIn('ada')).accessToken : this.held.at(-1)!
  }

  private async request(): Promise<string | undefined> {
    const token = await this.credential()
    const grace = this.pick(['30m', '24h', '7d'])
    const {status, body} = await this.world.call('POST', `/auth/tokens/${this.id}/rotate`, {token, body: {grace}})
    if (status !== 200) {
      assert.equal(body.error.code, 'ROTATION_IN_PROGRESS')
      return undefined
    }
    this.sent.push(body.token)
    return body.token
  }

  private async drop(value: string): Promise<void> {
    const token = await this.credential()
    const url = `/auth/tokens/${this.id}/rotation?prefix=${value.slice(0, 12)}`
    assert.equal((await this.world.call('DELETE', url, {token})).status, 204)
    assert.equal(this.isLive(await this.find(value)), false)
  }

  private async works(value: string): Promise<boolean> {
    const isWorking = (await this.world.call('GET', '/auth/whoami', {token: value})).status === 200
    if (isWorking) this.wasUsed.add(value)
    return isWorking
  }

  private find(value: string) {
    return this.world.store.credentials.find('token', hashSecret(value))
  }

  private isLive(credential: Awaited<ReturnType<Client['find']>>): boolean {
    return credential !== undefined && (credential.expiresAt === null || credential.expiresAt > this.world.now())
  }

  /** Looks at the store, because a request would be a use. */
  async assertSafe(): Promise<void> {
    const live: string[] = []
    for (const value of this.sent) if (this.isLive(await this.find(value))) live.push(value)
    assert.ok(live.length <= 2, `${live.length} values are live`)
    assert.ok(
      this.held.some((value) => live.includes(value)),
      'the client has no value that works',
    )
  }
}

describe('interleavings of a rotation', () => {
  it(`rotate: in ${interleavings} random interleavings, the client has a value that works, and at most two work`, async (t) => {
    const seed = Number(process.env['ROTATION_SEED'] ?? randomInt(2 ** 31))
    t.diagnostic(`ROTATION_SEED=${seed}`)
    const random = randomFrom(seed)
    const world = await createWorld(t)
    await world.addUser('ada')
    for (let run = 0; run < interleavings; run++) {
      const {accessToken: session} = await world.logIn('ada')
      const {id, token} = await world.createToken(session, {name: 'ci', scopes: ['admin']})
      const asking: Asking = run % 2 === 0 ? 'session' : 'token'
      const client = new Client(world, id, asking, random, token)
      try {
        for (let step = 0; step < steps; step++) {
          await client.step()
          await client.assertSafe()
        }
      } catch (error) {
        throw new Error(`seed ${seed}, run ${run} (${asking}): ${client.trace.join(', ')}`, {cause: error})
      }
      await world.store.tokens.revoke({within: {kind: 'own', userId: 'id-of-ada'}, id}, operator, world.now())
    }
  })
})
