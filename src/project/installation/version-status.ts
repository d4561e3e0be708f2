import {isApkgError, printable, refusalBehind, type RegistryClient} from '@apkg/command-kit'
import {maxStatusVersions} from '@apkg/wire'
import type {StatusResponse} from '@apkg/wire/protocol'

import type {LockedPackage} from '../../catalog/lockfile/lockfile.js'
import {isUnreachable} from '../../files/is-unreachable.js'
import {failure as trustFailure} from '../../trust/failures.js'
import {readTrust} from '../../trust/trust-store.js'
import {failure} from '../failures.js'
import type {DeprecatedVersion} from './deprecations.js'
import type {InstallContext} from './install-context.js'
import {nothingToCheck, type CompromisedPackage, type StatusReport} from './status-report.js'

/** The report, and the deprecations that the registry named. */
export interface VersionStatus {
  report: StatusReport
  deprecated: DeprecatedVersion[]
}

/**
 * Asks the registry once which packages were taken down, are deprecated, or are signed with a compromised key. Tarballs
 * and packuments may come from a cache, so nothing else would show it.
 *
 * @param missing the packages that are about to be installed.
 * @param intact the packages that are installed already.
 * @throws {ApkgError} `VERSION_TAKEN_DOWN` if a missing one was taken down; `TAKEDOWNS_UNCHECKED`, `SIGNER_COMPROMISED`
 *   under the policies that require it; the errors of the client, unless the registry can't be reached.
 */
export async function fetchStatus(
  {missing, intact}: {missing: readonly LockedPackage[]; intact: readonly {name: string; version: string}[]},
  {client, home, accepted}: Pick<InstallContext, 'client' | 'home' | 'accepted'>,
): Promise<VersionStatus> {
  if (missing.length === 0) return {report: nothingToCheck, deprecated: []}
  const {registry} = client
  const {takedowns, signatures} = await readTrust(home)
  const unchecked = (reason: string) => failure('TAKEDOWNS_UNCHECKED', {registry, reason})
  const wanted = new Map([...missing, ...intact].map((each) => [idOf(each), each]))
  const response = await ask(client, [...wanted.keys()])
  if ('reason' in response) {
    if (takedowns === 'require') throw unchecked(response.reason)
    return {report: {...nothingToCheck, state: 'unchecked'}, deprecated: []}
  }
  const isMissing = new Set(missing.map(idOf))
  const known = <Finding extends {version: string}>(findings: readonly Finding[]) =>
    findings.filter(({version}) => wanted.has(version))
  const takenDown = known(response.takenDown).map(({version, reason}) => ({version, reason: printable(reason ?? '')}))
  const withdrawn = takenDown.find(({version}) => isMissing.has(version))
  if (withdrawn) {
    const {version, reason} = withdrawn
    throw failure('VERSION_TAKEN_DOWN', {version, registry, reason: `it was taken down: ${reason}`})
  }
  const unknown = response.unknown.filter((version) => wanted.has(version))
  const [hidden] = unknown.filter((version) => isMissing.has(version))
  if (takedowns === 'require' && hidden !== undefined) throw unchecked(`it does not know ${hidden}`)
  const compromised = known(response.compromised).map(({version, keyId, revokedAt}): CompromisedPackage => ({
    version,
    keyId: printable(keyId),
    revokedAt: typeof revokedAt === 'string' ? printable(revokedAt) : null,
  }))
  const refused = compromised.find(({version, keyId}) => isMissing.has(version) && !accepted?.signers.has(keyId))
  if (signatures === 'require' && refused) {
    const {version, keyId, revokedAt} = refused
    throw trustFailure('SIGNER_COMPROMISED', {version, keyId, at: revokedAt})
  }
  const deprecated = known(response.deprecated).flatMap(({version, message}) => {
    const found = wanted.get(version)
    return found && isMissing.has(version) ? [{name: found.name, version: found.version, message}] : []
  })
  return {report: {state: 'checked', takenDown, compromised, unknown}, deprecated}
}

/** @returns the reason if the registry can't be reached, or doesn't support it. */
async function ask(client: RegistryClient, versions: readonly string[]): Promise<StatusResponse | {reason: string}> {
  const parts = Array.from({length: Math.ceil(versions.length / maxStatusVersions)}, (_, index) =>
    versions.slice(index * maxStatusVersions, (index + 1) * maxStatusVersions),
  )
  try {
    const responses = await Promise.all(parts.map((part) => client.call('getStatus', {body: {versions: part}})))
    return {
      takenDown: responses.flatMap(({takenDown}) => takenDown),
      deprecated: responses.flatMap(({deprecated}) => deprecated),
      compromised: responses.flatMap(({compromised}) => compromised),
      unknown: responses.flatMap(({unknown}) => unknown),
    }
  } catch (error) {
    if (isUnreachable(error)) return {reason: isApkgError(error) ? error.message : 'it could not be reached'}
    const isOffered = ![404, 405].includes(refusalBehind(error)?.status ?? 0)
    if (isOffered) throw error
    return {reason: 'the registry does not support it'}
  }
}

function idOf({name, version}: {name: string; version: string}): string {
  return `${name}@${version}`
}
