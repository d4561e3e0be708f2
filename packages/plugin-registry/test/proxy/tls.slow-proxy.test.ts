import assert from 'node:assert/strict'
import {existsSync} from 'node:fs'
import {readFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import {createLogger} from '../../src/operator/request-logger.js'
import {startServer} from '../../src/operator/start-server.js'
import {openForCommand} from '../../src/server/operations/open-registry.js'
import {createCertificate, machine, operate, password, send, serveRegistry, temporaryFolder} from './processes.js'

/** A registry that serves https with a certificate of its own authority, reached on 127.0.0.1 only. */
async function serveHttps(t: TestContext) {
  const folder = await temporaryFolder(t)
  const authority = await createCertificate(folder, 'authority')
  const {cert, key} = await createCertificate(folder, 'registry', authority)
  const registry = await serveRegistry(t, ['--host', '0.0.0.0', '--tls-cert', cert, '--tls-key', key])
  return {...registry, ca: authority.cert, address: `https://127.0.0.1:${registry.port}`}
}

describe('serving beyond loopback', () => {
  const unprotected = 'Cannot serve on 0.0.0.0 without TLS: passwords and tokens would be sent in cleartext'
  const refused: [string, string[], number, string, string][] = [
    ['all addresses without TLS', ['--host', '0.0.0.0'], 2, 'REGISTRY_UNPROTECTED', unprotected],
    [
      'all addresses with an http public URL',
      ['--host', '0.0.0.0', '--public-url', 'http://127.0.0.1:8080'],
      2,
      'REGISTRY_UNPROTECTED',
      unprotected,
    ],
    [
      'an http public URL',
      ['--public-url', 'http://registry.example.com/apkg'],
      2,
      'REGISTRY_INVALID',
      'plain http would expose credentials',
    ],
    [
      'an http public URL on all addresses',
      ['--host', '0.0.0.0', '--public-url', 'http://registry.example.com/apkg'],
      2,
      'REGISTRY_INVALID',
      'plain http would expose credentials',
    ],
  ]
  for (const [title, flags, exitCode, code, message] of refused) {
    it(`serve: refuses ${title} before creating anything`, async (t) => {
      const folder = await temporaryFolder(t)
      const data = path.join(folder, 'data')
      const args = ['serve', '--port', '0', '--data', data, ...flags]
      const text = await operate(folder, args)
      assert.deepEqual([text.stdout, text.exitCode], ['', exitCode])
      assert.ok(text.stderr.startsWith('Error: '), text.stderr)
      assert.ok(text.stderr.includes(message), text.stderr)
      const json = await operate(folder, [...args, '--json'])
      assert.deepEqual([json.stderr, json.exitCode], ['', exitCode])
      assert.equal(JSON.parse(json.stdout).error.code, code)
      assert.ok(JSON.parse(json.stdout).error.message.includes(message))
      assert.equal(existsSync(data), false)
    })
  }

  it('serve: refuses an invalid or mismatched certificate before creating anything', async (t) => {
    const folder = await temporaryFolder(t)
    const data = path.join(folder, 'data')
    const {cert} = await createCertificate(folder, 'one')
    const {key} = await createCertificate(folder, 'other')
    for (const [given, with_] of [
      [cert, key],
      [key, key],
    ] as const) {
      const args = ['serve', '--port', '0', '--data', data, '--tls-cert', given, '--tls-key', with_]
      const {stdout, stderr, exitCode} = await operate(folder, args)
      assert.deepEqual([stdout, exitCode], ['', 1])
      assert.ok(
        stderr.startsWith(`Error: ${given} and ${with_} are not a matching certificate and private key\n`),
        stderr,
      )
      assert.equal(existsSync(data), false)
    }
  })

  it('TLS: login, tokens and install work for clients that trust the authority', async (t) => {
    const {url, port, address, ca} = await serveHttps(t)
    assert.equal(url, `https://0.0.0.0:${port}`)
    const health = await send('GET', `${address}/healthz`, {ca: await readFile(ca)})
    assert.deepEqual([health.status, JSON.parse(health.text).status], [200, 'ok'])

    const apkg = await machine(t, ca)
    const registry = ['--registry', address]
    const login = await apkg(['login', '--username', 'ada', '--password-stdin', ...registry], {input: password})
    assert.deepEqual(login, {stdout: '', stderr: `Logged in as ada\nRegistry: ${address}\n`, exitCode: 0})
    const created = await apkg(['token', 'create', '--label', 'ci', ...registry])
    assert.match(created.stdout, /^apkgt_[0-9A-Za-z]{38}\n$/)
    assert.match((await apkg(['token', 'list', ...registry])).stdout, /^ci\t/)
    assert.equal((await apkg(['token', 'revoke', 'ci', ...registry])).exitCode, 0)
    const refused = await apkg(['whoami', ...registry], {env: {APKG_TOKEN: created.stdout}})
    assert.equal(refused.exitCode, 4)
  })

  it('TLS: a client that does not trust the authority sends nothing', async (t) => {
    const {address, data} = await serveHttps(t)
    const apkg = await machine(t)
    const login = ['login', '--username', 'ada', '--password-stdin', '--registry', address]
    const message = `Cannot log in at ${address}: certificate signed by an unknown authority (trust it with NODE_EXTRA_CA_CERTS)`
    const text = await apkg(login, {input: password})
    assert.deepEqual([text.stdout, text.exitCode], ['', 5])
    assert.equal(text.stderr.split('\n')[0], `Error: ${message}`)
    const json = await apkg([...login, '--json'], {input: password})
    assert.deepEqual([json.stderr, json.exitCode], ['', 5])
    const {error} = JSON.parse(json.stdout)
    assert.deepEqual([error.code, error.message], ['UNREACHABLE', message])
    const store = await openForCommand(data, {create: false})
    const actions = (await store.audit.latest(10)).map(({action}) => action)
    await store.close()
    assert.deepEqual(actions, ['signing-key.create', 'user.add'])
  })

  it('TLS: plain http does not get a response', async (t) => {
    const {port} = await serveHttps(t)
    await assert.rejects(send('GET', `http://127.0.0.1:${port}/healthz`))
    const apkg = await machine(t)
    const env = {APKG_TOKEN: 'apkg_opaque'}
    const outcome = await apkg(['whoami', '--registry', `http://127.0.0.1:${port}`], {env})
    assert.deepEqual([outcome.stdout, outcome.exitCode], ['', 5])
  })

  it('serve: warns if it listens on all addresses without a public URL', async (t) => {
    const folder = await temporaryFolder(t)
    const tls = await createCertificate(folder, 'registry')
    const warningsWith = async (publicUrl: string | undefined) => {
      const lines: string[] = []
      const write = (text: string) => Promise.resolve(void lines.push(text))
      const log = createLogger({
        isTerminal: false,
        hasColors: false,
        columns: 80,
        discards: false,
        isFile: false,
        write,
      })
      const options = {host: '0.0.0.0', port: 0, folder: path.join(folder, 'data'), publicUrl, tls, version: '0.0.0'}
      const rest = {trustProxy: [], oidcIssuers: [], anonymousRead: undefined, limits: {}}
      const server = await startServer({...options, ...rest}, log, {now: () => new Date()})
      await server.stop()
      const logged = lines.join('').trimEnd().split('\n')
      return logged
        .map((line) => JSON.parse(line) as {level: string; msg: string})
        .filter(({level}) => level === 'warn')
    }
    const [warning, ...others] = await warningsWith(undefined)
    assert.match(warning?.msg ?? '', /with --public-url$/)
    assert.deepEqual(others, [])
    assert.deepEqual(await warningsWith('https://registry.example.com'), [])
  })

  it('serve: an https public URL allows plain http behind a proxy', async (t) => {
    const {url, port} = await serveRegistry(t, [
      '--host',
      '0.0.0.0',
      '--public-url',
      'https://registry.example.com/apkg',
    ])
    assert.equal(url, `http://0.0.0.0:${port}`)
    const {text} = await send('GET', `http://127.0.0.1:${port}/apkg/openapi.json`)
    const {servers} = JSON.parse(text) as {servers: {url: string}[]}
    assert.deepEqual(
      servers.map((server) => server.url),
      ['https://registry.example.com/apkg'],
    )
  })
})
