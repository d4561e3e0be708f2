import {createHash} from 'node:crypto'
import {createServer} from 'node:http'
import {gzipSync} from 'node:zlib'

import tar from 'tar-stream'

/** Serves packages over npm's protocol on loopback, from memory. */
export async function startNpmRegistry(packages) {
  const tarballs = new Map()
  for (const each of packages) tarballs.set(each.name, await pack(each))
  const server = createServer((request, response) => {
    const [, name, , file] = request.url.split('/')
    const tarball = tarballs.get(name)
    if (!tarball) return response.writeHead(404).end()
    if (file !== undefined) {
      return response.writeHead(200, {'content-type': 'application/octet-stream'}).end(tarball.bytes)
    }
    const base = `http://${request.headers.host}`
    response.writeHead(200, {'content-type': 'application/json'}).end(JSON.stringify(packument(base, name, tarball)))
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    integrityOf: (name) => tarballs.get(name).integrity,
    close: () => server.close(),
  }
}

export const npmManifest = ({name, dependencies}) => ({
  name,
  version: '1.0.0',
  license: 'MIT',
  dependencies: Object.fromEntries(dependencies.map((each) => [each, '^1.0.0'])),
})

function packument(base, name, {manifest, integrity}) {
  const dist = {tarball: `${base}/${name}/-/${name}-1.0.0.tgz`, integrity}
  return {name, 'dist-tags': {latest: '1.0.0'}, versions: {'1.0.0': {...manifest, dist}}}
}

async function pack(each) {
  const manifest = npmManifest(each)
  const archive = tar.pack()
  archive.entry({name: 'package/package.json'}, JSON.stringify(manifest, undefined, 2))
  for (const {path, text} of each.files) archive.entry({name: `package/${path}`}, text)
  archive.finalize()
  const chunks = []
  for await (const chunk of archive) chunks.push(chunk)
  const bytes = gzipSync(Buffer.concat(chunks))
  return {bytes, manifest, integrity: `sha512-${createHash('sha512').update(bytes).digest('base64')}`}
}
