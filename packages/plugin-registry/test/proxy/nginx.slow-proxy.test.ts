import assert from 'node:assert/strict'
import {readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {after, before, describe, it} from 'node:test'

import {openForCommand} from '../../src/server/operations/open-registry.js'
import {freePort, isWithoutNginx, nginx, startNginx} from './nginx.js'
import {
  createCertificate,
  type CleanupScope,
  machine,
  password,
  send,
  serveRegistry,
  temporaryFolder,
} from './processes.js'

/** The snippet from the docs, with the placeholders replaced. */
async function documentedSnippet(replacements: Record<string, string>): Promise<string> {
  const page = await readFile(new URL('../../../../docs/registry/proxy-and-scale.md', import.meta.url), 'utf8')
  const [, snippet] = /^```nginx\n(.*?)^```$/ms.exec(page) ?? []
  assert.ok(snippet, 'docs/registry/proxy-and-scale.md has an nginx snippet')
  return Object.entries(replacements).reduce((text, [example, real]) => {
    assert.equal(text.split(example).length, 2, `the snippet has \`${example}\` once`)
    return text.replace(example, real)
  }, snippet)
}

/** A registry behind nginx, each in its own process. */
async function startBehindNginx(scope: CleanupScope) {
  const folder = await temporaryFolder(scope)
  const {cert, key} = await createCertificate(folder, 'registry')
  const port = await freePort()
  const publicUrl = `https://127.0.0.1:${port}/apkg`
  const registry = await serveRegistry(scope, ['--public-url', publicUrl, '--trust-proxy', '127.0.0.1'])
  const snippet = await documentedSnippet({
    'listen 443 ssl;': `listen 127.0.0.1:${port} ssl;`,
    'server_name registry.example.com;': 'server_name 127.0.0.1;',
    '/etc/ssl/registry.example.com.pem': cert,
    '/etc/ssl/registry.example.com.key': key,
    'http://127.0.0.1:4873': registry.url,
  })
  await startNginx(scope, port, snippet)
  const ca = await readFile(cert)
  return {publicUrl, registry, cert, ca}
}

/** The address in the audit row of the last failed login. */
async function addressOfFailure(data: string): Promise<string | null | undefined> {
  const store = await openForCommand(data, {create: false})
  const [row] = await store.audit.latest(1)
  await store.close()
  assert.equal(row?.action, 'login.fail')
  return row.address
}

describe('a registry behind nginx, configured as documented', () => {
  const cleanups: (() => unknown)[] = []
  let world: Awaited<ReturnType<typeof startBehindNginx>>

  before(async () => {
    if (nginx !== undefined) world = await startBehindNginx({after: (clean) => cleanups.unshift(clean)})
  })
  after(async () => {
    for (const clean of cleanups) await clean()
  })

  async function logIn(): Promise<string> {
    const body = JSON.stringify({username: 'ada', password})
    const {text} = await send('POST', `${world.publicUrl}/auth/login`, {ca: world.ca, body})
    return JSON.parse(text).accessToken
  }

  it('nginx: login, tokens and install work below a prefix', async (t) => {
    if (isWithoutNginx(t)) return
    const {publicUrl, cert} = world
    const apkg = await machine(t, cert)
    const registry = ['--registry', publicUrl]
    const login = await apkg(['login', '--username', 'ada', '--password-stdin', ...registry], {input: password})
    assert.deepEqual(login, {stdout: '', stderr: `Logged in as ada\nRegistry: ${publicUrl}\n`, exitCode: 0})
    const created = await apkg(['token', 'create', '--label', 'ci', ...registry])
    assert.match(created.stdout, /^apkgt_[0-9A-Za-z]{38}\n$/)
    const listed = await apkg(['token', 'list', '--json', ...registry])
    assert.deepEqual(
      JSON.parse(listed.stdout).tokens.map(({label}: {label: string}) => label),
      ['ci'],
    )

    const clean = await machine(t, cert)
    const env = {APKG_TOKEN: created.stdout.trim(), APKG_REGISTRY: publicUrl}
    assert.match((await clean(['whoami'], {env})).stdout, /^Username: ada$/m)
    const revoked = await apkg(['token', 'revoke', 'ci', ...registry])
    assert.equal(revoked.exitCode, 0)
    const refused = await clean(['whoami'], {env})
    assert.equal(refused.exitCode, 4)
    assert.match(refused.stderr, /The token "ci" was revoked/)
  })

  it('nginx: %2F in a path stays part of one segment', async (t) => {
    if (isWithoutNginx(t)) return
    const headers = {authorization: `Bearer ${await logIn()}`}
    const revoke = (id: string) => send('DELETE', `${world.publicUrl}/auth/tokens/${id}`, {ca: world.ca, headers})
    for (const id of ['a%2Fb', '%40acme%2Ftool', 'a%2F..%2F..%2Fwhoami', 'a%252Fb', 'a%20b%3F']) {
      const {status, type, text} = await revoke(id)
      assert.deepEqual([id, status, type], [id, 404, 'application/problem+json'])
      assert.equal(JSON.parse(text).error.code, 'TOKEN_NOT_FOUND')
    }
    // A literal slash separates segments.
    assert.equal(JSON.parse((await revoke('a/b')).text).error.code, 'NOT_FOUND')
  })

  it('nginx: audits the real address of the client, even if the client sends X-Forwarded-For', async (t) => {
    if (isWithoutNginx(t)) return
    const body = JSON.stringify({username: 'ada', password: 'not the password'})
    for (const headers of [{}, {'x-forwarded-for': '203.0.113.9'}, {'x-forwarded-for': '203.0.113.9, 127.0.0.1'}]) {
      const request = {ca: world.ca, body, headers, localAddress: '127.0.0.2'}
      assert.equal((await send('POST', `${world.publicUrl}/auth/login`, request)).status, 401)
      assert.equal(await addressOfFailure(world.registry.data), '127.0.0.2')
    }
    await logIn()
  })

  it('nginx: X-Forwarded-For is trusted from the proxy only', async (t) => {
    if (isWithoutNginx(t)) return
    const body = JSON.stringify({username: 'ada', password: 'not the password'})
    for (const [localAddress, address] of [
      ['127.0.0.1', '203.0.113.9'],
      ['127.0.0.3', '127.0.0.3'],
    ] as const) {
      const request = {body, localAddress, headers: {'x-forwarded-for': '203.0.113.9'}}
      assert.equal((await send('POST', `${world.registry.url}/auth/login`, request)).status, 401)
      assert.equal(await addressOfFailure(world.registry.data), address)
    }
    await logIn()
  })

  it('nginx: a body that is too large gets the error of the registry', async (t) => {
    if (isWithoutNginx(t)) return
    const body = JSON.stringify({username: 'ada', password: 'x'.repeat(1024 * 1024)})
    const {status, type} = await send('POST', `${world.publicUrl}/auth/login`, {ca: world.ca, body})
    assert.deepEqual([status, type], [413, 'application/problem+json'])
  })
})

describe('a registry behind nginx that decodes paths', () => {
  it('nginx: publish, install, deprecate and dist-tag work, because a name can have a plain slash', async (t) => {
    if (isWithoutNginx(t)) return
    const port = await freePort()
    const registry = await serveRegistry(t, ['--public-url', `http://127.0.0.1:${port}`])
    // The slash after the port makes nginx decode the path.
    const location = `location / { proxy_pass ${registry.url}/; client_max_body_size 52m; }`
    await startNginx(t, port, `server { listen 127.0.0.1:${port}; ${location} }`)
    const apkg = await machine(t)
    const [author, user] = [await temporaryFolder(t), await temporaryFolder(t)]
    const skill = '---\nname: tool\ndescription: A tool\n---\nRead.\n'
    const tool = {name: '@ada/tool', version: '1.0.0+z', type: 'skill', description: '', license: 'MIT'}
    await writeFile(path.join(author, 'apkg.json'), JSON.stringify({...tool, visibility: 'private'}))
    await writeFile(path.join(author, 'SKILL.md'), skill)
    await writeFile(path.join(user, 'apkg.json'), JSON.stringify({name: '@ada/p', version: '0.0.0', type: 'project'}))
    const env = {APKG_REGISTRY: `http://127.0.0.1:${port}`}
    const run = async (args: string[], cwd = user, input = '') => {
      const outcome = await apkg(args, {env, cwd, input})
      assert.equal(outcome.exitCode, 0, `${args.join(' ')}: ${outcome.stderr}`)
      return outcome
    }
    await run(['login', '--username', 'ada', '--password-stdin'], user, password)
    await run(['publish'], author)
    await run(['dist-tag', 'add', '@ada/tool@1.0.0+z', 'beta'])
    await run(['add', '@ada/tool@beta'])
    assert.equal(await readFile(path.join(user, 'apkg_packages/@ada/tool/SKILL.md'), 'utf8'), skill)
    await run(['deprecate', '@ada/tool@1.0.0+z', 'old'])
    await run(['dist-tag', 'rm', '@ada/tool', 'beta'])
    await run(['info', '@ada/tool'])
  })
})
