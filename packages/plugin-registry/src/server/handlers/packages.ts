import {cachingOf} from '../http/caching.js'
import {actorOf} from '../auth/actor.js'
import {matchesEtag} from '../http/conditional-request.js'
import {packageRefusal, unknownPackage} from '../packages/package-refusals.js'
import {packumentEtag, packumentResponse, serializePackument, versionResponse} from '../packages/packument-response.js'
import type {Package} from '../http/openapi/index.js'
import {Refusal} from '../http/refusal.js'
import {accessOf, canRead} from '../store/package-rights.js'
import type {Credential, PackageRecord, PackageState} from '../store/store.js'
import type {Call, Handler, Ports} from './handler.js'
import {Reply} from './reply.js'

/** Caches must revalidate before each use. */
const revalidate = 'no-cache'

export const getPackage: Handler<'getPackage'> = async ({params, headers}, ports) => {
  const {store, packuments, config} = ports
  const source = sourceOf(ports)
  const ifNoneMatch = headers['if-none-match']
  const headersOf = (state: PackageState, etag: string) => ({
    etag,
    ...cachingOf(state.visibility, config, revalidate),
  })
  // Everything is read at once if the state alone can't be the answer.
  const mayHaveIt = ifNoneMatch !== undefined || packuments.has(params.name)
  const state = mayHaveIt ? await store.packages.state(params.name) : undefined
  if (state) {
    const etag = packumentEtag(state, source)
    const sent = {headers: headersOf(state, etag)}
    if (matchesEtag(ifNoneMatch, etag)) return new Reply<Package>(undefined, {status: 304, ...sent})
    const json = packuments.get(params.name, etag)
    if (json) return new Reply<Package>(undefined, {json, ...sent})
  }
  const record = await findPackage(params.name, ports)
  const etag = packumentEtag(record, source)
  const body = await serializePackument(record, source)
  packuments.set(params.name, {etag, body})
  return new Reply<Package>(undefined, {json: body, headers: headersOf(record, etag)})
}

export const deprecatePackage: Handler<'deprecatePackage'> = async (call, ports) => {
  const deprecated = await deprecate(call, ports)
  return isReadable(deprecated, call) ? packumentResponse(deprecated, sourceOf(ports)) : {name: deprecated.name}
}

export const deprecateVersion: Handler<'deprecateVersion'> = async (call, ports) => {
  return changedVersion(await deprecate(call, ports), call, ports)
}

export const yankVersion: Handler<'yankVersion'> = async (call, ports) => {
  const {params, body, credential, client, now} = call
  const by = actorOf(credential, client)
  const outcome = await ports.store.packages.yank({...params, yanked: body.yanked}, credential, by, now.getTime())
  if (outcome !== 'done') throw packageRefusal(outcome, params)
  return changedVersion(await findPackage(params.name, ports), call, ports)
}

function changedVersion(
  changed: PackageRecord,
  {params: {name, version}, credential}: Call<'deprecateVersion'> | Call<'yankVersion'>,
  ports: Ports,
) {
  if (!isReadable(changed, {credential})) return {version}
  const found = changed.versions.find((each) => each.version === version)
  if (!found) throw packageRefusal('version-unknown', {name, version})
  return versionResponse(name, found, ports.baseUrl())
}

/** Whether the response can contain the package: a token may be able to change a private package but not to read it. */
function isReadable({name, visibility}: PackageRecord, {credential}: {credential: Credential}): boolean {
  return canRead(accessOf(credential, name, {visibility}), name, credential)
}

/** Deprecates a version, or the package if the URL does not name a version. @returns the updated package. */
async function deprecate(
  {params, body, credential, client, now}: Call<'deprecatePackage'> | Call<'deprecateVersion'>,
  ports: Ports,
): Promise<PackageRecord> {
  const deprecation = {...params, message: body.deprecated}
  const outcome = await ports.store.packages.deprecate(
    deprecation,
    credential,
    actorOf(credential, client),
    now.getTime(),
  )
  if (outcome !== 'done') throw packageRefusal(outcome, params)
  return findPackage(params.name, ports)
}

export const getProvenance: Handler<'getProvenance'> = async ({params: {name, version}}, {store}) => {
  const state = await store.packages.version(name, version)
  if (!state) throw packageRefusal('version-unknown', {name, version})
  if (state.takenDown) throw packageRefusal('taken-down', {name, version})
  const statement = await store.packages.provenance(name, version)
  if (!statement) throw new Refusal('PROVENANCE_UNKNOWN')
  return statement
}

async function findPackage(name: string, {store}: Ports): Promise<PackageRecord> {
  const record = await store.packages.find(name)
  if (!record) throw unknownPackage()
  return record
}

function sourceOf({baseUrl, config}: Ports) {
  return {baseUrl: baseUrl(), version: config.version}
}
