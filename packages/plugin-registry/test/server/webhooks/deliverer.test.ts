import assert from 'node:assert/strict'
import {describe, it, type TestContext} from 'node:test'

import {pino} from 'pino'

import {operator} from '../../../src/server/store/store.js'
import {WebhookDeliverer} from '../../../src/server/webhooks/deliverer.js'
import {eventsOf} from '../../../src/server/webhooks/events.js'
import {packageOf, publish} from '../../support/uploads.js'
import {
  expectedSignature,
  silence,
  startReceiver,
  status,
  type WebhookReceiver,
  webhookSecret,
} from '../../support/webhook-receiver.js'
import {createWorld, day, hour, minute, second, type World} from '../../support/world.js'

const secrets = [Buffer.from(webhookSecret.slice('whsec_'.length), 'base64')] as const

interface Setup {
  world: World
  session: string
  receiver: WebhookReceiver
  deliverer: WebhookDeliverer
  /** Each stands for a separate process. */
  another: () => WebhookDeliverer
  log: string[]
  pause: (isPaused: boolean) => void
  /** Seals what was written, and sends what is due. */
  deliver: (by?: WebhookDeliverer) => Promise<void>
}

async function withReceiver(t: TestContext): Promise<Setup> {
  const deliverers: WebhookDeliverer[] = []
  // Before the store is closed.
  t.after(() => Promise.all(deliverers.map((each) => each.stop())))
  const world = await createWorld(t)
  await world.addUser('ada')
  const {accessToken: session} = await world.logIn('ada')
  const receiver = await startReceiver(t)
  const log: string[] = []
  let isPaused = false
  const another = () => {
    const deliverer = new WebhookDeliverer({
      ...{url: new URL(receiver.url), secrets, store: world.store, agent: 'apkg-registry/test'},
      registry: () => 'https://registry.example.com',
      isPaused: () => isPaused,
      clock: () => new Date(world.now()),
      log: pino({}, {write: (line: string) => void log.push(line)}),
    })
    deliverers.push(deliverer)
    return deliverer
  }
  const deliverer = another()
  await deliverer.begin()
  const deliver = async (by = deliverer) => {
    await world.store.auditChain.seal('sealer', world.now())
    await by.takeTurn()
    await by.settle()
  }
  const pause = (next: boolean) => (isPaused = next)
  return {world, session, receiver, deliverer, another, log, pause, deliver}
}

const received = ({received: all}: WebhookReceiver) => all.map(({type, data}) => `${type} ${data['label']}`)

describe('delivering webhooks', () => {
  it('webhooks: an event is signed, contains the actor, action and audit log position, and contains no secret', async (t) => {
    const {world, session, receiver, deliver} = await withReceiver(t)
    const body = {name: 'ci', scopes: ['publish'], packageScope: '@ada/*', expiresIn: '30d'}
    const {body: token} = await world.call('POST', '/auth/tokens', {token: session, body, from: '203.0.113.7'})
    await deliver()
    const [webhook, ...others] = receiver.received
    assert.ok(webhook)
    assert.deepEqual(others, [])
    assert.equal(webhook.headers['webhook-signature'], expectedSignature(webhook))
    assert.match(webhook.id, /^evt_[\w-]{24}$/)
    assert.equal(webhook.seconds * 1000, world.now())
    assert.equal(webhook.headers['content-type'], 'application/json')
    assert.equal(webhook.headers['user-agent'], 'apkg-registry/test')
    const head = await world.store.auditChain.head()
    const [row] = await world.store.audit.latest(1, {action: 'token.create'})
    assert.deepEqual(JSON.parse(webhook.text), {
      type: 'token.create',
      timestamp: '2026-11-23T12:00:00.000Z',
      data: {
        registry: 'https://registry.example.com',
        actor: 'ada',
        credentialId: row?.credentialId,
        address: '203.0.113.7',
        agent: 'test',
        target: token.id,
        label: 'ci',
        detail: {label: 'ci', scopes: ['publish'], patterns: ['@ada/*'], lifetime: '30d'},
        audit: head,
      },
    })
    assert.ok(!webhook.text.includes(token.token))
  })

  it('webhooks: a token value in a header of the client is redacted', async (t) => {
    const {world, session, receiver, deliver} = await withReceiver(t)
    const {token} = await world.createToken(session, {name: 'ci'})
    const headers = {'user-agent': `curl ${token}`}
    await world.call('POST', '/auth/tokens', {token: session, body: {name: 'other'}, headers})
    await deliver()
    assert.equal(receiver.received.length, 2)
    assert.ok(receiver.received.every(({text}) => !text.includes(token)))
  })

  it('webhooks: events from before the first start are not sent', async (t) => {
    const world = await createWorld(t)
    await world.addUser('ada')
    const {accessToken: session} = await world.logIn('ada')
    await world.createToken(session, {name: 'before'})
    await world.store.auditChain.seal('sealer', world.now())
    const {webhooks, auditChain} = world.store
    await webhooks.begin()
    await world.createToken(session, {name: 'after'})
    await webhooks.begin()
    await auditChain.seal('sealer', world.now())
    const due = await webhooks.claim('holder', {eventsOf, limit: 10}, world.now())
    assert.deepEqual(
      due.map(({type, row}) => `${type} ${row.label}`),
      ['token.create after'],
    )
  })

  it('webhooks: publishing, takedowns and uses of ended values are events', async (t) => {
    const {world, session, receiver, deliver} = await withReceiver(t)
    const {id, token} = await world.createToken(session, {name: 'ci', scopes: ['publish']})
    assert.equal((await publish(world, token, await packageOf({name: '@ada/tool'}))).status, 201)
    const version = {name: '@ada/tool', version: '1.0.0', reason: 'malware'}
    await world.store.packages.takeDown(version, operator, world.now())
    const use = {kind: 'token' as const, id, owner: 'ada', at: world.now(), address: '192.0.2.1', agent: null, count: 3}
    await world.store.audit.recordDeadUse({...use, reason: 'rotated'})
    await world.store.audit.recordDeadUse({...use, reason: 'revoked'})
    await deliver()
    assert.deepEqual(receiver.received.map(({type, data}) => [type, data['target'], data['label']]).sort(), [
      ['publish', '@ada/tool@1.0.0', 'ci'],
      ['takedown', '@ada/tool@1.0.0', null],
      ['token.create', id, 'ci'],
      ['token.dead-use', id, 'ci'],
      ['token.retired-use', id, 'ci'],
    ])
    const ofToken = receiver.received.filter(({type}) => type !== 'takedown').map(({type}) => type)
    assert.deepEqual(ofToken, ['token.create', 'publish', 'token.retired-use', 'token.dead-use'])
  })

  it('webhooks: the report of a leaked token is two events with their own IDs', async (t) => {
    const {world, session, receiver, deliver} = await withReceiver(t)
    const {token} = await world.createToken(session, {name: 'ci'})
    await world.call('POST', '/auth/revoke', {body: {values: [token], note: `in ${token}`}})
    await deliver()
    assert.deepEqual(received(receiver), ['token.create ci', 'token.revoke ci', 'token.leak-report ci'])
    assert.equal(new Set(receiver.received.map(({id}) => id)).size, 3)
    assert.ok(receiver.received.every(({text}) => !text.includes(token)))
  })

  it('webhooks: a failed event is sent again with the same ID and body, and holds back only events of its credential', async (t) => {
    const {world, session, receiver, deliver, log} = await withReceiver(t)
    const {id} = await world.createToken(session, {name: 'a'})
    await world.call('POST', `/auth/tokens/${id}/rotate`, {token: session})
    const other = await world.createToken(session, {name: 'b'})
    for (const each of [id, other.id]) await world.call('DELETE', `/auth/tokens/${each}`, {token: session})
    receiver.answer = (response, {data}) => response.writeHead(data['label'] === 'a' ? 500 : 200).end()
    await deliver()
    assert.deepEqual(received(receiver).sort(), ['token.create a', 'token.create b', 'token.revoke b'])
    assert.match(log.join(''), /"type":"token.create","attempt":1,"problem":"the response was 500"/)
    await deliver()
    assert.equal(receiver.received.length, 3)

    receiver.answer = status(202)
    world.pass(6 * second)
    await deliver()
    const ofA = receiver.received.filter(({data}) => data['label'] === 'a')
    assert.deepEqual(
      ofA.map(({type}) => type),
      ['token.create', 'token.create', 'token.rotate', 'token.revoke'],
    )
    const [first, again] = ofA
    assert.ok(first && again)
    assert.deepEqual([again.id, again.text], [first.id, first.text])
    assert.equal(again.seconds - first.seconds, 6)
    assert.equal(again.headers['webhook-signature'], expectedSignature(again))
    await deliver()
    assert.equal(receiver.received.length, 6)
  })

  it('webhooks: the receiver can ask for a later attempt', async (t) => {
    const {world, session, receiver, deliver} = await withReceiver(t)
    await world.createToken(session, {name: 'ci'})
    receiver.answer = status(503, {'retry-after': '3600'})
    await deliver()
    world.pass(10 * minute)
    await deliver()
    assert.equal(receiver.received.length, 1)
    world.pass(hour)
    await deliver()
    assert.equal(receiver.received.length, 2)
  })

  it('webhooks: after ten attempts, the registry gives up on an event, records that, and sends the next one', async (t) => {
    const {world, session, receiver, deliver, log} = await withReceiver(t)
    const {id} = await world.createToken(session, {name: 'ci'})
    await world.call('DELETE', `/auth/tokens/${id}`, {token: session})
    receiver.answer = (response, {type}) => response.writeHead(type === 'token.create' ? 404 : 200).end()
    for (let attempt = 1; attempt <= 10; attempt++) {
      assert.equal((await world.store.audit.latest(1, {action: 'webhook.'})).length, 0)
      await deliver()
      assert.equal(receiver.received.filter(({type}) => type === 'token.create').length, attempt)
      world.pass(27 * hour)
    }
    assert.equal(new Set(receiver.received.map(({id: webhook}) => webhook)).size, 2)
    assert.equal(receiver.received.at(-1)?.type, 'token.revoke')
    const [row] = await world.store.audit.latest(1, {action: 'webhook.give-up'})
    const {position} = receiver.received[0]?.data['audit']
    const detail = {type: 'token.create', position, attempts: 10, reason: 'the response was 404'}
    assert.deepEqual([row?.name, row?.target, row?.detail], ['(registry)', id, detail])
    assert.match(log.join(''), /gave up on a webhook/)
  })

  it('webhooks: a restart during a delivery loses no event', async (t) => {
    const {world, session, receiver, deliverer, another, deliver} = await withReceiver(t)
    const {id} = await world.createToken(session, {name: 'ci'})
    receiver.answer = silence
    await world.store.auditChain.seal('sealer', world.now())
    await deliverer.takeTurn()
    await receiver.until(1)
    await world.call('DELETE', `/auth/tokens/${id}`, {token: session})
    await deliverer.stop()
    receiver.answer = status(200)
    await deliver(another())
    assert.deepEqual(received(receiver), ['token.create ci', 'token.create ci', 'token.revoke ci'])
    const [lost, again] = receiver.received
    assert.equal(again?.id, lost?.id)
  })

  it('webhooks: only one process sends them at a time, and another takes over when it stops', async (t) => {
    const {world, session, receiver, another, deliver} = await withReceiver(t)
    await world.createToken(session, {name: 'first'})
    await deliver()
    const second = another()
    await world.createToken(session, {name: 'second'})
    await deliver(second)
    assert.equal(receiver.received.length, 1)
    world.pass(minute)
    await deliver(second)
    assert.deepEqual(received(receiver), ['token.create first', 'token.create second'])
  })

  it('webhooks: the registry responds to requests while the receiver never does, and few webhooks are sent at once', async (t) => {
    const {world, session, receiver, deliverer} = await withReceiver(t)
    receiver.answer = silence
    for (let count = 0; count < 30; count++) {
      await world.createToken(session, {name: `ci-${count}`})
      await world.store.auditChain.seal('sealer', world.now())
      await deliverer.takeTurn()
      assert.equal((await world.call('GET', '/auth/whoami', {token: session})).status, 200)
    }
    await receiver.until(8)
    await deliverer.takeTurn()
    assert.equal(receiver.received.length, 8)
    assert.equal((await world.call('GET', '/auth/tokens', {token: session})).body.tokens.length, 30)
  })

  it('webhooks: redirects are not followed, and long responses are cut off', async (t) => {
    const {world, session, receiver, deliver} = await withReceiver(t)
    await world.createToken(session, {name: 'ci'})
    receiver.answer = status(307, {location: `${receiver.url}/elsewhere`})
    await deliver()
    assert.equal(receiver.received.length, 1)
    world.pass(minute)
    const isCut = new Promise((resolve) => {
      receiver.answer = (response) => {
        response.writeHead(200).on('close', resolve)
        const flood = () => {
          if (!response.destroyed) response.write(Buffer.alloc(65_536), flood)
        }
        flood()
      }
    })
    await deliver()
    await isCut
    world.pass(day)
    await deliver()
    assert.equal(receiver.received.length, 2)
  })

  it('webhooks: a receiver that responded with 410 gets no events until the next start', async (t) => {
    const {world, session, receiver, deliverer, another, deliver, log} = await withReceiver(t)
    await world.createToken(session, {name: 'first'})
    receiver.answer = status(410)
    await deliver()
    await world.createToken(session, {name: 'second'})
    world.pass(day)
    await deliver()
    assert.equal(receiver.received.length, 1)
    assert.match(log.join(''), /the receiver wants no more webhooks/)
    await deliverer.stop()
    receiver.answer = status(200)
    await deliver(another())
    assert.deepEqual(received(receiver).sort(), ['token.create first', 'token.create first', 'token.create second'])
  })

  it('webhooks: none are sent while the registry refuses to serve a rolled-back database', async (t) => {
    const {world, session, receiver, deliver, pause} = await withReceiver(t)
    await world.createToken(session, {name: 'ci'})
    pause(true)
    await deliver()
    assert.deepEqual(receiver.received, [])
    pause(false)
    await deliver()
    assert.equal(receiver.received.length, 1)
  })

  it('webhooks: an unreachable receiver is tried again', async (t) => {
    const {world, session, receiver, deliver, log} = await withReceiver(t)
    await world.createToken(session, {name: 'ci'})
    receiver.answer = (response) => response.destroy()
    await deliver()
    assert.match(log.join(''), /"problem":"ECONNRESET"/)
    receiver.answer = status(204)
    world.pass(minute)
    await deliver()
    assert.equal(receiver.received.length, 2)
  })
})
