import {accessOf, canRead} from '../store/package-rights.js'
import type {Credential, VersionStatus} from '../store/store.js'
import type {Handler} from './handler.js'

/** Treats a version that the caller can't read like one that doesn't exist. */
export const getStatus: Handler<'getStatus'> = async ({body, credential}, {store}) => {
  const asked = [...new Set(body.versions)].map((text) => ({text, ...parseVersion(text)}))
  const userId = credential?.kind === 'exchanged' ? undefined : credential?.owner.id
  const found = await store.packages.statuses(asked, userId)
  const statuses = asked.map(({text, name}, index) => {
    const status = found[index]
    return {version: text, status: status && isReadable(name, status, credential) ? status : undefined}
  })
  const known = statuses.flatMap(({version, status}) => (status ? [{version, ...status}] : []))
  return {
    takenDown: known.flatMap(({version, takenDown}) => (takenDown ? [{version, ...takenDownResponse(takenDown)}] : [])),
    deprecated: known.flatMap(({version, takenDown, deprecated: message}) =>
      message === null || takenDown ? [] : [{version, message}],
    ),
    yanked: known.flatMap(({version, takenDown, isYanked}) => (isYanked && !takenDown ? [version] : [])),
    compromised: known.flatMap(({version, compromisedKey: key}) =>
      key ? [{version, keyId: key.keyId, revokedAt: new Date(key.revokedAt).toISOString()}] : [],
    ),
    unknown: statuses.flatMap(({version, status}) => (status ? [] : [version])),
  }
}

function isReadable(name: string, {access}: VersionStatus, credential: Credential | undefined): boolean {
  return canRead(credential?.kind === 'exchanged' ? accessOf(credential, name, access) : access, name, credential)
}

/** @param text a `PackageVersion` of the protocol */
function parseVersion(text: string): {name: string; version: string} {
  const at = text.lastIndexOf('@')
  return {name: text.slice(0, at), version: text.slice(at + 1)}
}

function takenDownResponse({at, reason}: NonNullable<VersionStatus['takenDown']>) {
  return {reason, at: new Date(at).toISOString()}
}
