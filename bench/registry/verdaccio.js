import {execFileSync} from 'node:child_process'
import {createHash} from 'node:crypto'
import {once} from 'node:events'
import {mkdirSync, writeFileSync} from 'node:fs'
import {createServer} from 'node:net'
import path from 'node:path'
import {gzipSync} from 'node:zlib'

import tar from 'tar-stream'

import {startServer} from './processes.js'

/** The last version that runs on Node 20. Its own range for node-fetch has no match. */
const manifest = {private: true, dependencies: {verdaccio: '6.8.0'}, overrides: {'node-fetch': '2.7.0'}}

/** JWT, because Verdaccio checks the password for each request with its default tokens, which takes 100 ms. Its rate limit would refuse the load. */
const config = `
storage: ./storage
auth: {htpasswd: {file: ./htpasswd}}
security: {api: {legacy: false, jwt: {sign: {expiresIn: 60d}}}}
flags: {searchRemote: false}
packages: {'**': {access: $all, publish: $authenticated}}
userRateLimit: {windowMs: 1000, max: 1000000}
log: {type: stdout, format: json, level: http}
`

/**
 * Installs Verdaccio in a directory, unless it already is, and starts it with a user, two tokens, and a package of 20
 * versions with a tarball of 1 MiB.
 */
export async function startVerdaccio(folder, {log, tarball}) {
  mkdirSync(folder, {recursive: true})
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest))
  const npm = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline']
  execFileSync('npm', npm, {cwd: folder, stdio: 'inherit'})
  writeFileSync(path.join(folder, 'config.yaml'), config)
  const bin = path.join(folder, 'node_modules/verdaccio/bin/verdaccio')
  const port = await freePort()
  const command = [process.execPath, bin, '--config', 'config.yaml', '--listen', `127.0.0.1:${port}`]
  const server = await startServer(command, {log, cwd: folder}, (text) =>
    text.includes('http address') ? `http://127.0.0.1:${port}` : undefined,
  )
  const send = async (method, target, body, token) => {
    const headers = {'content-type': 'application/json', ...(token && {authorization: `Bearer ${token}`})}
    const response = await fetch(server.url + target, {method, headers, body: JSON.stringify(body)})
    if (!response.ok) throw new Error(`${method} ${target}: ${response.status} ${await response.text()}`)
    return response.json()
  }
  const name = `bench-${process.pid}`
  const {token} = await send('PUT', `/-/user/org.couchdb.user:${name}`, {name, password: 'correct horse battery'})
  for (let made = 0; made < 2; made++) await send('POST', '/-/npm/v1/tokens', newToken, token)
  const first = await publication('bench-usual', '1.0.0', tarball)
  await send('PUT', '/bench-usual', first, token).catch(ignoreExisting)
  for (let minor = 1; minor < 20; minor++) {
    await send('PUT', '/bench-usual', await publication('bench-usual', `1.${minor}.0`), token).catch(ignoreExisting)
  }
  return {...server, token}
}

/** Verdaccio does not print the port that it got for port 0. */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const {port} = server.address()
  server.close()
  return port
}

/** A directory that is used again has the package. */
function ignoreExisting(error) {
  if (!/ 409 /.test(error.message)) throw error
}

export const newToken = {password: 'correct horse battery', readonly: false, cidr_whitelist: []}

/** The body of a request that publishes a version. @param content of its largest file */
export async function publication(name, version, content = Buffer.from('Reviews code')) {
  const archive = tar.pack()
  archive.entry({name: 'package/package.json'}, JSON.stringify({name, version}))
  archive.entry({name: 'package/README.md'}, content)
  archive.finalize()
  const chunks = []
  for await (const chunk of archive) chunks.push(chunk)
  const bytes = gzipSync(Buffer.concat(chunks))
  const file = `${name}-${version}.tgz`
  const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`
  const dist = {tarball: `http://127.0.0.1/${name}/-/${file}`, integrity}
  return {
    name,
    'dist-tags': {latest: version},
    versions: {[version]: {name, version, license: 'MIT', description: 'Helps an agent to review code', dist}},
    _attachments: {
      [file]: {content_type: 'application/octet-stream', data: bytes.toString('base64'), length: bytes.length},
    },
  }
}
