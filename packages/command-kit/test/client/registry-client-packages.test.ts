import assert from 'node:assert/strict'
import {once} from 'node:events'
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'
import {buffer} from 'node:stream/consumers'
import {describe, it, type TestContext} from 'node:test'

import type {PublishMetadata} from '@apkg/wire/protocol'

import {gotTransport} from '../../src/client/got-transport.js'
import {RegistryClient} from '../../src/client/registry-client.js'
import {Secret} from '../../src/credentials/secret.js'
import type {Credential} from '../../src/credentials/source.js'

interface Arrival {
  route: string
  headers: IncomingMessage['headers']
  body: Buffer
}

type Answer = (response: ServerResponse, arrival: Arrival) => void

/** Starts a registry that gives the answers in order, repeating the last one, and a client for it. */
async function startClient(t: TestContext, answers: Answer[], options: Partial<{credential: Credential}> = {}) {
  const arrivals: Arrival[] = []
  const server = createServer((request, response) => {
    void buffer(request).then((body) => {
      const arrival = {route: `${request.method} ${request.url}`, headers: request.headers, body}
      arrivals.push(arrival)
      const answer = answers.length > 1 ? answers.shift() : answers[0]
      answer?.(response, arrival)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const registry = `http://127.0.0.1:${(server.address() as AddressInfo).port}/base`
  const client = new RegistryClient({
    target: {registry, services: {}},
    credential: 'credential' in options ? options.credential : {secret: new Secret('s3cr3t'), source: 'a vault'},
    transport: gotTransport({}),
    interrupted: new AbortController().signal,
    userAgent: 'test',
    offline: false,
    hintsFor: () => Promise.resolve(undefined),
    whileWaiting: (_, answer) => answer,
  })
  return {client, registry, arrivals}
}

function json(status: number, content: unknown, headers: Record<string, string> = {}): Answer {
  return (response) =>
    response.writeHead(status, {'content-type': 'application/json', ...headers}).end(JSON.stringify(content))
}

function refusal(status: number, message: string): Answer {
  return json(status, {error: {code: 'X', message, details: []}})
}

function renewableCredential(): Credential {
  return {
    secret: new Secret('old'),
    source: 'a session',
    renew: () => Promise.resolve({secret: new Secret('new'), source: 'a session'}),
  }
}

const version = {name: '@a/b', version: '1.0.0+build'}
const packageParams = {params: {name: '@a/b'}}

async function readText(stream: AsyncIterable<Uint8Array>): Promise<string> {
  let text = ''
  for await (const chunk of stream) text += String(Buffer.from(chunk))
  return text
}

describe('RegistryClient.call', () => {
  it('RegistryClient.call: sends the credential, if there is one', async (t) => {
    const {client, arrivals} = await startClient(t, [json(200, {name: '@a/b'})])
    await client.call('getPackage', packageParams)
    await client.withCredential(undefined).call('getPackage', packageParams)
    assert.deepEqual(
      arrivals.map(({route, headers}) => [route, headers.authorization]),
      [
        ['GET /base/packages/%40a%2Fb', 'Bearer s3cr3t'],
        ['GET /base/packages/%40a%2Fb', undefined],
      ],
    )
  })

  it('RegistryClient.call: does not retry anonymously if the credential is rejected', async (t) => {
    const {client, registry, arrivals} = await startClient(t, [refusal(401, 'The token is revoked')])
    await assert.rejects(client.call('getPackage', packageParams), {
      code: 'REJECTED',
      exitCode: 4,
      message: `Cannot fetch package metadata at ${registry}: The token is revoked (credential: a vault)`,
    })
    assert.equal(arrivals.length, 1)
  })

  it("RegistryClient.call: reports a missing package with the registry's message", async (t) => {
    const {client, registry} = await startClient(t, [refusal(404, 'Package @a/b not found')])
    await assert.rejects(client.withCredential(undefined).call('getPackage', packageParams), {
      code: 'REQUEST_FAILED',
      message: `Cannot fetch package metadata at ${registry}: Package @a/b not found`,
    })
  })

  it('RegistryClient.call: rejects every response that does not match the protocol', async (t) => {
    const {client} = await startClient(t, [json(200, {name: 1})])
    for (let attempt = 0; attempt < 2; attempt++) {
      await assert.rejects(client.call('getPackage', packageParams), {code: 'BAD_RESPONSE'})
    }
  })
})

describe('RegistryClient.callIfChanged', () => {
  it('RegistryClient.callIfChanged: returns the response and its entity tag, or that nothing has changed', async (t) => {
    const {client, arrivals} = await startClient(t, [
      json(200, {name: '@a/b'}, {etag: 'W/"1"'}),
      (response) => response.writeHead(304).end(),
      json(200, {name: '@a/b', description: 'new'}, {etag: '"2"'}),
    ])
    const first = await client.callIfChanged('getPackage', packageParams, undefined)
    assert.deepEqual(first, {changed: true, response: {name: '@a/b'}, etag: 'W/"1"'})
    assert.deepEqual(await client.callIfChanged('getPackage', packageParams, 'W/"1"'), {changed: false})
    const third = await client.callIfChanged('getPackage', packageParams, 'W/"1"')
    assert.deepEqual(third, {changed: true, response: {name: '@a/b', description: 'new'}, etag: '"2"'})
    assert.deepEqual(
      arrivals.map(({headers}) => headers['if-none-match']),
      [undefined, 'W/"1"', 'W/"1"'],
    )
  })

  it('RegistryClient.callIfChanged: sends no condition if the entity tag is malformed', async (t) => {
    const {client, arrivals} = await startClient(t, [json(200, {name: '@a/b'}, {etag: 'no quotes'})])
    const conditional = await client.callIfChanged('getPackage', packageParams, 'bad"\r\nx-evil: 1')
    assert.deepEqual(conditional, {changed: true, response: {name: '@a/b'}, etag: undefined})
    assert.deepEqual([arrivals[0]?.headers['if-none-match'], arrivals[0]?.headers['x-evil']], [undefined, undefined])
  })

  it('RegistryClient.callIfChanged: fails if the registry responds with 304 to a request without a condition', async (t) => {
    const {client} = await startClient(t, [(response) => response.writeHead(304).end()])
    await assert.rejects(client.callIfChanged('getPackage', packageParams, undefined), {code: 'REQUEST_FAILED'})
  })
})

describe('RegistryClient.download', () => {
  it('RegistryClient.download: streams the bytes', async (t) => {
    const {client, arrivals} = await startClient(t, [(response) => response.writeHead(200).end('the tarball')])
    assert.equal(await readText(await client.download(version, {maxSize: 11})), 'the tarball')
    assert.deepEqual(
      arrivals.map(({route, headers}) => [route, headers.authorization]),
      [['GET /base/packages/%40a%2Fb/1.0.0%2Bbuild/tarball', 'Bearer s3cr3t']],
    )
  })

  it('RegistryClient.download: follows redirects within the registry, and to other hosts only without a credential', async (t) => {
    const otherHost = await startClient(t, [(response) => response.writeHead(200).end('elsewhere')])
    const within: Answer = (response) => response.writeHead(302, {location: '/base/blobs/1'}).end()
    const outside: Answer = (response) => response.writeHead(302, {location: `${otherHost.registry}/blobs/1`}).end()
    const here: Answer = (response) => response.writeHead(200).end('here')
    const {client} = await startClient(t, [within, here, outside, outside])
    assert.equal(await readText(await client.download(version, {maxSize: 100})), 'here')
    await assert.rejects(client.download(version, {maxSize: 100}), {code: 'REDIRECTED'})
    assert.equal(otherHost.arrivals.length, 0)
    const anonymous = client.withCredential(undefined)
    assert.equal(await readText(await anonymous.download(version, {maxSize: 100})), 'elsewhere')
  })

  it('RegistryClient.download: fails like a call before it starts', async (t) => {
    const {client, registry} = await startClient(t, [refusal(404, 'Version 1.0.0 not found')])
    await assert.rejects(client.download(version, {maxSize: 100}), {
      code: 'REQUEST_FAILED',
      message: `Cannot download @a/b@1.0.0+build at ${registry}: Version 1.0.0 not found`,
    })
  })

  for (const [code, answer] of [
    ['UNREACHABLE', (response) => response.writeHead(200).write('half', () => response.destroy())],
    ['BAD_RESPONSE', (response) => response.writeHead(200).end('too many bytes')],
  ] as const satisfies [string, Answer][]) {
    it(`RegistryClient.download: fails like a call after it has started (${code})`, async (t) => {
      const {client} = await startClient(t, [answer])
      const stream = await client.download(version, {maxSize: 10})
      await assert.rejects(readText(stream), {name: 'ApkgError', code, exitCode: 5})
    })
  }

  it('RegistryClient.download: refreshes an expired session', async (t) => {
    const {client, arrivals} = await startClient(
      t,
      [refusal(401, 'expired'), (response) => response.writeHead(200).end('bytes')],
      {credential: renewableCredential()},
    )
    assert.equal(await readText(await client.download(version, {maxSize: 100})), 'bytes')
    assert.deepEqual(
      arrivals.map(({headers}) => headers.authorization),
      ['Bearer old', 'Bearer new'],
    )
  })
})

describe('RegistryClient.publish', () => {
  const metadata: PublishMetadata = {
    version: '1.0.0',
    name: '@a/b',
    type: 'skill',
    visibility: 'public',
    integrity: 'sha256-x',
    dependencies: {'@z/z': '^1', '@a/c': '^2'},
    keywords: ['z', 'a'],
    description: 'Größe',
  }
  const published = json(200, {name: '@a/b', version: '1.0.0'})

  it('RegistryClient.publish: sends a form with the metadata, compact and with sorted keys, and the tarball', async (t) => {
    const {client, arrivals} = await startClient(t, [published])
    const tarball = Buffer.from([0, 13, 10, 45, 45, 255])
    assert.deepEqual(await client.publish(metadata, tarball), {name: '@a/b', version: '1.0.0'})
    const [{route, headers, body}] = arrivals as [Arrival]
    const boundary = /^multipart\/form-data; boundary=(apkg-[0-9a-f]{48})$/.exec(headers['content-type'] ?? '')?.[1]
    assert.ok(boundary)
    assert.deepEqual(
      [route, headers.authorization, headers['content-length']],
      ['PUT /base/packages/%40a%2Fb', 'Bearer s3cr3t', String(body.length)],
    )
    const text =
      '{"dependencies":{"@a/c":"^2","@z/z":"^1"},"description":"Größe","integrity":"sha256-x",' +
      '"keywords":["z","a"],"name":"@a/b","type":"skill","version":"1.0.0","visibility":"public"}'
    const head =
      `--${boundary}\r\ncontent-disposition: form-data; name="metadata"\r\n\r\n${text}\r\n` +
      `--${boundary}\r\ncontent-disposition: form-data; name="tarball"; filename="package.tar.zst"\r\n` +
      'content-type: application/zstd\r\n\r\n'
    assert.deepEqual(body, Buffer.concat([Buffer.from(head), tarball, Buffer.from(`\r\n--${boundary}--\r\n`)]))
    await client.publish(metadata, tarball)
    assert.ok(!arrivals[1]?.headers['content-type']?.includes(boundary), 'each request has its own boundary')
  })

  it('RegistryClient.publish: sends the complete body again after refreshing the session', async (t) => {
    const {client, arrivals} = await startClient(t, [refusal(401, 'expired'), published], {
      credential: renewableCredential(),
    })
    await client.publish(metadata, Buffer.alloc(300_000, 7))
    assert.deepEqual(
      arrivals.map(({headers, body}) => [headers.authorization, body.length]),
      [
        ['Bearer old', arrivals[0]?.body.length],
        ['Bearer new', arrivals[0]?.body.length],
      ],
    )
  })

  it('RegistryClient.publish: does not retry if the registry is busy, and does not follow redirects', async (t) => {
    const {client, arrivals} = await startClient(t, [
      refusal(503, 'busy'),
      (response) => response.writeHead(307, {location: '/base/elsewhere'}).end(),
    ])
    await assert.rejects(client.publish(metadata, Buffer.alloc(10)), {code: 'SERVER_FAILED'})
    await assert.rejects(client.publish(metadata, Buffer.alloc(10)), {code: 'REDIRECTED'})
    assert.equal(arrivals.length, 2)
  })
})
