import assert from 'node:assert/strict'
import {connect} from 'node:net'
import {describe, it, type TestContext} from 'node:test'
import {setTimeout as sleep} from 'node:timers/promises'

import {problems, type ProblemCode} from '@apkg/wire'
import {ProblemResponse} from '@apkg/wire/protocol'
import {Value} from 'typebox/value'

import {createWorld, password, type Request, type World} from '../../support/world.js'

const json = {'content-type': 'application/json'}

function assertProblem(answer: {status: number; headers: Record<string, unknown>; body: any}, code: ProblemCode): void {
  assert.equal(answer.body?.error?.code, code)
  assert.equal(answer.status, problems[code].status)
  assert.match(String(answer.headers['content-type']), /^application\/problem\+json/)
  assert.ok(Value.Check(ProblemResponse, answer.body))
  assert.ok(Array.isArray(answer.body.error.details))
  assert.match(String(answer.body.error.requestId), /^[0-9a-f-]{36}$/)
  assert.equal(answer.body.status, answer.status)
}

async function listen(t: TestContext): Promise<{world: World; port: number}> {
  const world = await createWorld(t)
  await world.app.listen({host: '127.0.0.1', port: 0})
  const address = world.app.server.address()
  return {world, port: typeof address === 'object' && address ? address.port : 0}
}

describe('bad input', () => {
  const text = {'content-type': 'text/plain'}
  const form = {'content-type': 'application/x-www-form-urlencoded'}
  const credentials = (changes: object) => ({body: {username: 'ada', password, ...changes}})
  const wrong: [what: string, method: string, url: string, request: Request, code: ProblemCode][] = [
    ['an unknown path', 'GET', '/auth/nothing', {}, 'NOT_FOUND'],
    ['an unknown path with a broken body', 'POST', '/auth/nothing', {body: '{', headers: json}, 'NOT_FOUND'],
    ['a prototype name as the path', 'GET', '/__proto__', {}, 'NOT_FOUND'],
    ['a broken percent-encoding', 'GET', '/auth/%zz', {}, 'VALIDATION'],
    ['a truncated JSON body', 'POST', '/auth/login', {body: '{"username":', headers: json}, 'MALFORMED_JSON'],
    ['an HTML body', 'POST', '/auth/login', {body: '<html>', headers: json}, 'MALFORMED_JSON'],
    ['no body', 'POST', '/auth/login', {}, 'VALIDATION'],
    ['an empty body', 'POST', '/auth/login', {body: '', headers: json}, 'VALIDATION'],
    ['a null body', 'POST', '/auth/login', {body: 'null', headers: json}, 'VALIDATION'],
    ['a text body', 'POST', '/auth/login', {body: 'a', headers: text}, 'UNSUPPORTED_MEDIA_TYPE'],
    ['a form body', 'POST', '/auth/login', {body: 'a=b', headers: form}, 'UNSUPPORTED_MEDIA_TYPE'],
    [
      'a body over 1 MiB',
      'POST',
      '/auth/login',
      {body: `"${'x'.repeat(1024 * 1024)}"`, headers: json},
      'BODY_TOO_LARGE',
    ],
    ['a number as the password', 'POST', '/auth/login', credentials({password: 12_345_678}), 'VALIDATION'],
    ['a password of 1025 characters', 'POST', '/auth/login', credentials({password: 'x'.repeat(1025)}), 'VALIDATION'],
    ['a NUL in the username', 'POST', '/auth/login', credentials({username: 'ada\u0000x'}), 'VALIDATION'],
    ['a line break in the username', 'POST', '/auth/login', credentials({username: 'ada\n'}), 'VALIDATION'],
    ['a null refresh token', 'POST', '/auth/refresh', {body: {refreshToken: null}}, 'VALIDATION'],
  ]
  for (const [what, method, url, request, code] of wrong) {
    it(`bad input: ${what} gets a single problem, ${code}`, async (t) => {
      const world = await createWorld(t)
      const before = await world.store.audit.latest(10)
      assertProblem(await world.call(method, url, request), code)
      assert.deepEqual(await world.store.audit.latest(10), before)
    })
  }

  it('bad input: a NUL after the id of a token does not revoke that token', async (t) => {
    const world = await createWorld(t)
    await world.addUser('ada')
    const {accessToken} = await world.logIn('ada')
    const {id, token} = await world.createToken(accessToken, {name: 'ci'})
    assertProblem(await world.call('DELETE', `/auth/tokens/${id}%00zz`, {token: accessToken}), 'VALIDATION')
    assert.equal((await world.call('GET', '/auth/whoami', {token})).status, 200)
  })

  it('caching: responses about authentication are never cached, including errors', async (t) => {
    const world = await createWorld(t)
    await world.addUser('ada')
    const answers = [
      await world.call('GET', '/auth/whoami'),
      await world.call('GET', '/auth/nothing'),
      await world.call('POST', '/auth/login', {body: {username: 'ada', password}}),
    ]
    for (const {headers} of answers) assert.equal(headers['cache-control'], 'no-store')
  })

  it('request log: contains nothing that clients sent', async (t) => {
    const world = await createWorld(t)
    await world.addUser('ada')
    await world.call('POST', '/auth/login?secret-1', {body: {username: 'secret-2', password: 'secret-3'}})
    await world.call('GET', '/auth/whoami', {token: 'secret-4'})
    await world.call('DELETE', '/auth/tokens/secret-5', {token: (await world.logIn('ada')).accessToken})
    await world.call('GET', '/secret-6')
    await world.call('GET', '/secret-7%zz')
    assert.ok(world.log.length >= 5)
    assert.doesNotMatch(world.log.join(''), /secret-\d|apkgs_/)
  })
})

describe('an internal error', () => {
  it('internal error: logged with the request id, and details are not sent', async (t) => {
    const world = await createWorld(t)
    world.store.users.find = () => Promise.reject(new Error('the disk is on fire'))
    const answer = await world.call('POST', '/auth/login', {body: {username: 'ada', password}})
    assertProblem(answer, 'INTERNAL')
    assert.doesNotMatch(JSON.stringify(answer.body), /fire/)
    const line = world.log.map((each) => JSON.parse(each)).find(({err}) => err)
    assert.equal(line.err.message, 'the disk is on fire')
    assert.equal(line.reqId, answer.body.error.requestId)
  })
})

describe('bad input over a socket', () => {
  /** Sends the full body before reading, as simple clients do. Fails when the connection is reset. */
  async function sendSlowly(port: number, head: string, part: Buffer): Promise<string> {
    const socket = connect(port, '127.0.0.1')
    const answered = socket.toArray()
    socket.write(head)
    for (let sent = 0; sent < 64; sent++) {
      socket.write(part)
      await sleep(2)
    }
    if (part === chunk) socket.write('0\r\n\r\n')
    return Buffer.concat(await answered).toString()
  }

  const part = Buffer.alloc(64 * 1024, 'x')
  const chunk = Buffer.concat([Buffer.from('10000\r\n'), part, Buffer.from('\r\n')])
  for (const [title, header, body] of [
    ['with a content-length', `content-length: ${64 * part.length}`, part],
    ['in chunks', 'transfer-encoding: chunked', chunk],
  ] as const) {
    it(`bad input: a body ${title} that is too large gets its response while it is still being sent`, async (t) => {
      const {port} = await listen(t)
      const head = `POST /auth/login HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n${header}\r\n\r\n`
      const answer = sendSlowly(port, head, body)
      const [first = '', text = ''] = (await answer).split('\r\n\r\n')
      assert.match(first, /^HTTP\/1\.1 413 /)
      assert.equal(JSON.parse(text).error.code, 'BODY_TOO_LARGE')
    })
  }

  it('bad input: bytes that are not HTTP get a problem', async (t) => {
    const {port} = await listen(t)
    const text = await new Promise<string>((resolve, reject) => {
      let received = ''
      connect(port, '127.0.0.1')
        .on('error', reject)
        .on('data', (chunk) => (received += chunk.toString()))
        .on('end', () => {
          resolve(received)
        })
        .end('EHLO registry\r\n\r\n')
    })
    const [head = '', body = ''] = text.split('\r\n\r\n')
    assert.match(head, /^HTTP\/1\.1 400 /)
    assertProblem(
      {status: 400, headers: {'content-type': 'application/problem+json'}, body: JSON.parse(body)},
      'VALIDATION',
    )
  })
})
