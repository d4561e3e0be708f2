import {createHash, randomBytes} from 'node:crypto'

import {formatIntegrity} from '@apkg/package-format'
import {writeArchive} from '@apkg/package-format/archive'

import {newToken, publication} from './verdaccio.js'

const json = {'content-type': 'application/json'}
const bearer = (token) => ({authorization: `Bearer ${token}`})

/** A request of the load. @param body text or bytes */
function request(method, url, headers = {}, {body, status = 200} = {}) {
  return {method, url, headers, status, ...(body !== undefined && {body: Buffer.from(body).toString('base64')})}
}

/** What the yardstick is asked, whatever the case. */
export const yardstickRequests = ({url}, target) => [request('GET', url + target)]

/** @param data what `seed.js` printed */
export async function apkgRequests({url}, data) {
  const {tokens, session, usual, tarball} = data
  const [token] = tokens
  const packument = `${url}/packages/${encodeURIComponent(usual)}`
  const [name, version] = tarball.split(/\/(?=[^/]*$)/)
  const {headers} = await fetch(packument, {headers: bearer(token)})
  const get = (target, more = {}, options = {}) => [request('GET', target, {...bearer(token), ...more}, options)]
  return {
    whoami: () => tokens.slice(0, 100).map((each) => request('GET', `${url}/auth/whoami`, bearer(each))),
    'token list': () => [request('GET', `${url}/auth/tokens`, bearer(session))],
    packument: () => get(packument),
    'packument 304': () => get(packument, {'if-none-match': headers.get('etag')}, {status: 304}),
    tarball: () => get(`${url}/packages/${encodeURIComponent(name)}/${version}/tarball`),
    search: () => get(`${url}/search?q=review`),
    'token create': (count) =>
      Array.from({length: count}, () =>
        request(
          'POST',
          `${url}/auth/tokens`,
          {...bearer(session), ...json},
          {body: JSON.stringify({name: `ci ${randomBytes(8).toString('hex')}`}), status: 201},
        ),
      ),
    publish: (count) => Promise.all(Array.from({length: count}, () => apkgPublication(url, session))),
  }
}

async function apkgPublication(url, session) {
  const version = `1.${randomBytes(4).readUInt32BE()}.0`
  const manifest = {name: '@lister/published', version, type: 'skill', visibility: 'public'}
  const contents = {'apkg.json': JSON.stringify(manifest), 'README.md': 'Reviews code'}
  const files = Object.entries(contents).map(([path, text]) => ({
    path,
    isExecutable: false,
    content: Buffer.from(text),
  }))
  const tarball = await writeArchive(files)
  const metadata = {...manifest, integrity: formatIntegrity(createHash('sha256').update(tarball).digest())}
  const boundary = 'b'.repeat(32)
  const part = (header, content) => [
    Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name=${header}\r\n\r\n`),
    Buffer.from(content),
    Buffer.from('\r\n'),
  ]
  const body = Buffer.concat([
    ...part('"metadata"', JSON.stringify(metadata)),
    ...part('"tarball"; filename="package.tar.zst"\r\nContent-Type: application/zstd', tarball),
    Buffer.from(`--${boundary}--\r\n`),
  ])
  const headers = {...bearer(session), 'content-type': `multipart/form-data; boundary=${boundary}`}
  return request('PUT', `${url}/packages/${encodeURIComponent(manifest.name)}`, headers, {body, status: 201})
}

export async function verdaccioRequests({url, token}) {
  const get = (target, more = {}, options = {}) => [request('GET', url + target, {...bearer(token), ...more}, options)]
  const {headers} = await fetch(`${url}/bench-usual`, {headers: bearer(token)})
  const change = (method, target, body) =>
    request(
      method,
      url + target,
      {...bearer(token), ...json},
      {body: JSON.stringify(body), status: method === 'PUT' ? 201 : 200},
    )
  return {
    whoami: () => get('/-/whoami'),
    'token list': () => get('/-/npm/v1/tokens'),
    packument: () => get('/bench-usual'),
    'packument 304': () => get('/bench-usual', {'if-none-match': headers.get('etag')}, {status: 304}),
    tarball: () => get('/bench-usual/-/bench-usual-1.0.0.tgz'),
    search: () => get('/-/v1/search?text=bench'),
    'token create': (count) => Array.from({length: count}, () => change('POST', '/-/npm/v1/tokens', newToken)),
    publish: async (count) => {
      const versions = Array.from({length: count}, () => `1.${randomBytes(4).readUInt32BE()}.0`)
      return Promise.all(
        versions.map(async (version) =>
          change('PUT', '/bench-published', await publication('bench-published', version)),
        ),
      )
    },
  }
}
