import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {randomBytes} from 'node:crypto'
import {mkdir, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {it, type TestContext} from 'node:test'

import {postgresServer, skipWithoutPostgres} from '../support/postgres-server.js'
import {isS3Missing, startS3} from '../support/s3-server.js'
import {freePort, isWithoutNginx, startNginx} from './nginx.js'
import {
  createCertificate,
  entry,
  environment,
  firstLine,
  machine,
  operate,
  password,
  stop,
  temporaryFolder,
} from './processes.js'

/** Shifts the clock of a process, as on a machine whose clock is wrong. */
const withClock = (seconds: number) => {
  const script = `
    const Real = Date, shift = ${seconds * 1000}
    globalThis.Date = class extends Real {
      constructor(...given) { given.length > 0 ? super(...given) : super(Real.now() + shift) }
      static now() { return Real.now() + shift }
    }`
  return {NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(script)}`}
}

/** Two registries on one database and one bucket, each with a wrong clock, and nginx in front of those that are given. */
async function startTwo(t: TestContext) {
  const folder = await temporaryFolder(t)
  const {cert, key} = await createCertificate(folder, 'registry')
  const port = await freePort()
  const publicUrl = `https://127.0.0.1:${port}/apkg`
  const s3 = await startS3(t)
  const server = await postgresServer()
  const keyFile = path.join(folder, 'secret-key')
  await writeFile(keyFile, randomBytes(32), {mode: 0o600})
  const place = ['--database', server.urlOf(await server.createDatabase()), '--secret-key-file', keyFile]
  const succeed = async (args: string[], input = '') => {
    const {exitCode, stderr} = await operate(folder, [...args, ...place], input)
    assert.equal(exitCode, 0, stderr)
  }
  await succeed(['migrate'])
  await succeed(['user', 'add', 'ada', '--email', 'ada@example.com', '--password-stdin'], password)
  const bucket = ['--blobs', 's3://apkg/data', '--scratch', path.join(folder, 'scratch')]
  const serve = async (clock: number) => {
    const proxy = ['--public-url', publicUrl, '--trust-proxy', '127.0.0.1']
    const args = ['registry', 'serve', '--port', '0', '--json', ...place, ...bucket, ...proxy]
    const env = {...environment(folder), ...s3.env, ...withClock(clock)}
    const child = spawn(process.execPath, [entry('dev.js'), ...args], {env, stdio: ['ignore', 'pipe', 'pipe']})
    t.after(() => stop(child))
    child.stderr.on('data', (chunk: Buffer) => {
      if (/"level":"(?:error|fatal)"/.test(chunk.toString())) t.diagnostic(chunk.toString())
    })
    return {url: new URL((JSON.parse(await firstLine(child)) as {url: string}).url), child}
  }
  const [one, other] = await Promise.all([serve(90), serve(-90)])
  /** Starts nginx in front of these registries, until the next call. */
  let stopNginx = async () => {}
  const route = async (...registries: {url: URL}[]) => {
    await stopNginx()
    const servers = registries.map(({url}) => `server ${url.host};`).join(' ')
    stopNginx = await startNginx(
      t,
      port,
      `
      upstream registries { ${servers} }
      server {
        listen 127.0.0.1:${port} ssl;
        ssl_certificate ${cert};
        ssl_certificate_key ${key};
        location /apkg/ {
          proxy_pass http://registries;
          proxy_set_header Host $host;
          proxy_set_header X-Forwarded-For $remote_addr;
          proxy_request_buffering off;
          client_max_body_size 52m;
        }
      }`,
    )
  }
  return {folder, publicUrl, cert, one, other, route, place, bucket, s3}
}

it('two registries: share a database and a bucket behind nginx', {skip: skipWithoutPostgres()}, async (t) => {
  if (isWithoutNginx(t) || isS3Missing(t)) return
  const {folder, publicUrl, cert, one, other, route, place, bucket, s3} = await startTwo(t)
  const apkg = await machine(t, cert)
  const clean = await machine(t, cert)
  const registry = ['--registry', publicUrl]

  await route(one, other)
  const login = await apkg(['login', '--username', 'ada', '--password-stdin', ...registry], {input: password})
  assert.equal(login.exitCode, 0, login.stderr)
  const created = await apkg(['token', 'create', '--label', 'ci', '--scopes', 'publish', ...registry])
  assert.equal(created.exitCode, 0, created.stderr)
  const env = {APKG_TOKEN: created.stdout.trim(), APKG_REGISTRY: publicUrl}
  for (let time = 0; time < 4; time++) assert.equal((await clean(['whoami'], {env})).exitCode, 0)

  await route(one)
  const author = path.join(folder, 'author')
  await mkdir(author)
  const manifest = {name: '@ada/tool', version: '1.0.0', type: 'skill', description: 'A tool.', license: 'MIT'}
  await writeFile(path.join(author, 'apkg.json'), JSON.stringify({...manifest, visibility: 'private'}))
  await writeFile(path.join(author, 'SKILL.md'), '---\nname: tool\ndescription: A tool.\n---\nUse it.\n')
  const published = await clean(['publish'], {env, cwd: author})
  assert.equal(published.exitCode, 0, published.stderr)

  await route(other)
  const user = path.join(folder, 'user')
  await mkdir(user)
  await writeFile(path.join(user, 'apkg.json'), JSON.stringify({name: '@ada/p', version: '0.0.0', type: 'project'}))
  const installed = await clean(['add', '@ada/tool'], {env, cwd: user})
  assert.equal(installed.exitCode, 0, installed.stderr)

  await route(one)
  assert.equal((await apkg(['token', 'revoke', 'ci', ...registry])).exitCode, 0)
  await route(other)
  const refused = await clean(['whoami'], {env})
  assert.equal(refused.exitCode, 4)
  assert.match(refused.stderr, /The token "ci" was revoked/)

  // Stopped, each seals its rows and copies the head of the audit log.
  await Promise.all([stop(one.child), stop(other.child)])
  const verified = await operate(folder, ['audit', 'verify', '--json', ...place, ...bucket.slice(0, 2)], '', s3.env)
  const {problems, unsealed, sealed} = JSON.parse(verified.stdout)
  assert.deepEqual([problems, unsealed], [[], 0])
  assert.ok(sealed > 3)
})
