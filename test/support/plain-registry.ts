import {createHash} from 'node:crypto'
import {createServer} from 'node:http'
import type {AddressInfo} from 'node:net'
import type {TestContext} from 'node:test'

import {packDraft, type Draft} from './publish-package.js'

/** Fields of a version in a packument that differ from the package itself. */
type Claims = Partial<{
  integrity: string
  type: string
  dependencies: Record<string, string>
  deprecated: string
  yanked: boolean
}>

/** A registry on loopback that serves what the test puts in. It checks nothing, so it can serve invalid packages. */
export interface PlainRegistry {
  url: string
  /** The requests, in order: `GET /packages/@acme/tool`. */
  requests: string[]
  /** Adds a version. @param tarball replaces the tarball of the draft */
  put(draft: Draft, claims?: Claims, tarball?: Uint8Array): Promise<void>
  tag(name: string, tag: string, version: string): void
  /** Removes the tarball of a version, but keeps the version. */
  removeTarball(name: string, version: string): void
}

interface StoredPackage {
  distTags: Record<string, string>
  versions: Record<string, object>
}

export async function startPlainRegistry(t: Pick<TestContext, 'after'>): Promise<PlainRegistry> {
  const packages = new Map<string, StoredPackage>()
  const tarballs = new Map<string, Uint8Array>()
  const requests: string[] = []
  const server = createServer((request, response) => {
    const path = (request.url ?? '').split('/').map(decodeURIComponent).join('/')
    requests.push(`${request.method} ${path}`)
    const tarball = tarballs.get(path)
    const name = path.replace('/packages/', '')
    const stored = packages.get(name)
    if (tarball) response.writeHead(200, {'content-type': 'application/zstd'}).end(tarball)
    else if (stored) {
      const packument = JSON.stringify({name, ...stored, maintainers: [{username: 'ada'}]})
      const etag = `"${createHash('sha256').update(packument).digest('hex')}"`
      if (request.headers['if-none-match'] === etag) response.writeHead(304, {etag}).end()
      else response.writeHead(200, {'content-type': 'application/json', etag}).end(packument)
    } else {
      const error = {code: 'NOT_FOUND', message: `${name} does not exist`, details: []}
      response.writeHead(404, {'content-type': 'application/json'}).end(JSON.stringify({error}))
    }
  })
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const getOrCreate = (name: string) => {
    const stored = packages.get(name) ?? {distTags: {}, versions: {}}
    packages.set(name, stored)
    return stored
  }
  return {
    url,
    requests,
    async put(draft, {integrity, ...claims} = {}, bytes) {
      const {metadata, tarball} = await packDraft(draft)
      const {name, version, type, dependencies} = metadata
      const path = `/packages/${name}/${version}/tarball`
      tarballs.set(path, bytes ?? tarball)
      const dist = {tarball: 'http://192.0.2.1/never-asked', integrity: integrity ?? metadata.integrity}
      const stored = getOrCreate(name)
      stored.versions[version] = {version, type, dependencies, dist, ...claims}
      stored.distTags['latest'] = version
    },
    tag(name, tag, version) {
      getOrCreate(name).distTags[tag] = version
    },
    removeTarball(name, version) {
      tarballs.delete(`/packages/${name}/${version}/tarball`)
    },
  }
}
