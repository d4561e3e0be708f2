import {hasCode, isApkgError, printable, refusalBehind, type ApkgError, type RegistryClient} from '@apkg/command-kit'
import {maxStatusVersions} from '@apkg/wire'
import type {StatusResponse} from '@apkg/wire/protocol'

import {isUnreachable} from '../../files/is-unreachable.js'
import {failure as trustFailure} from '../../trust/failures.js'
import {readTrust, type Trust} from '../../trust/trust-store.js'
import {failure} from '../failures.js'
import type {PackageOrigins} from '../../catalog/lockfile/lockfile.js'
import type {DeprecatedVersion} from './deprecations.js'
import type {InstallContext} from './install-context.js'
import type {PackageId} from './ledger.js'
import {nothingToCheck, type CompromisedPackage, type StatusReport, type TakenDownPackage} from './status-report.js'

/** In milliseconds. An installation with nothing to do doesn't wait longer for a registry. */
const maxWaitIfInstalled = 5000

type StatusContext = Pick<InstallContext, 'registries' | 'home'>

interface StatusOptions {
  /** Whether all packages are installed already, so that a slow or failing registry doesn't matter. */
  areInstalled?: boolean
  /** What the user asked for, for messages. */
  purpose?: string
}

const defaultPurpose = 'install packages'

/** What the registries said about some versions, each about its own. */
export class VersionStatus {
  constructor(
    readonly report: StatusReport,
    /** Those of all packages. */
    readonly deprecated: readonly DeprecatedVersion[],
    private readonly origins: PackageOrigins,
    private readonly policies: Pick<Trust, 'signatures' | 'takedowns'>,
  ) {}

  /** The report on some of the packages. */
  reportOn(packages: readonly PackageId[]): StatusReport {
    const wanted = new Set(packages.map(idOf))
    if (wanted.size === 0) return nothingToCheck
    const {state, takenDown, compromised, unknown} = this.report
    return {
      state,
      takenDown: takenDown.filter(({version}) => wanted.has(version)),
      compromised: compromised.filter(({version}) => wanted.has(version)),
      unknown: unknown.filter((version) => wanted.has(version)),
    }
  }

  /** The registry's reason, if it took this version down. */
  takenDown(wanted: PackageId): string | undefined {
    return this.report.takenDown.find(({version}) => version === idOf(wanted))?.reason
  }

  /** Why a version must not be used. */
  problemOf(wanted: PackageId): ApkgError | undefined {
    const takenDown = this.report.takenDown.find(({version}) => version === idOf(wanted))
    if (takenDown) return takedownFailure(takenDown, this.origins.of(wanted.name))
    const compromised = this.report.compromised.find(({version}) => version === idOf(wanted))
    if (!compromised) return undefined
    const {version, keyId, revokedAt} = compromised
    return trustFailure('SIGNER_COMPROMISED', {version, keyId, at: revokedAt})
  }

  /**
   * Asserts that none of these packages was taken down, or is signed with a compromised key.
   *
   * @throws {ApkgError} `VERSION_TAKEN_DOWN`; `SIGNER_COMPROMISED`, unless the policy for signatures is `off` or the user
   *   accepts the key; `TAKEDOWNS_UNCHECKED` for one that the registry doesn't know, under the policy that requires it.
   */
  async assertInstallable(packages: readonly PackageId[], context: InstallContext): Promise<void> {
    const {origins, policies, report} = this
    const wanted = new Map(packages.map((each) => [idOf(each), each]))
    const [takenDown] = report.takenDown.flatMap((each) => withPackage(each, wanted))
    if (takenDown) {
      const {waysOut} = await import('./ways-out.js')
      throw takedownFailure(takenDown, origins.of(takenDown.of.name), await waysOut(takenDown.of, context))
    }
    const [hidden] = report.unknown.flatMap((version) => withPackage({version}, wanted))
    if (policies.takedowns === 'require' && hidden !== undefined) {
      const registry = origins.of(hidden.of.name)
      const retry = `run \`apkg whoami --registry ${registry}\` to check that your credential can read it`
      const reason = `it does not know ${hidden.version}`
      throw failure('TAKEDOWNS_UNCHECKED', {purpose: defaultPurpose, registry, reason, retry})
    }
    if (policies.signatures === 'off') return
    const compromised = report.compromised.flatMap((each) => withPackage(each, wanted))
    const refused = compromised.find(({keyId}) => !context.accepted?.signers.has(keyId))
    if (!refused) return
    const {waysOut} = await import('./ways-out.js')
    const {version, keyId, revokedAt} = refused
    const ways = await waysOut({...refused.of, keyId}, context)
    throw trustFailure('SIGNER_COMPROMISED', {version, keyId, at: revokedAt, ways})
  }
}

/**
 * Asks each registry once which versions of its own packages were taken down, are deprecated or yanked, or are signed with a
 * compromised key. Tarballs and packuments may come from a cache, so nothing else would show it.
 *
 * @throws {ApkgError} `TAKEDOWNS_UNCHECKED` if a registry can't be asked, under the policy that requires it; the errors of
 *   the client, unless the registry can't be reached.
 */
export async function fetchStatus(
  packages: readonly PackageId[],
  {registries, home}: StatusContext,
  options: StatusOptions = {},
): Promise<VersionStatus> {
  const policies = await readTrust(home)
  const answers = await Promise.all(
    (await registries.grouped(packages)).map((group) => statusOf(group, policies, options)),
  )
  const reports = answers.map(({report}) => report)
  const states = reports.map(({state}) => state)
  const report: StatusReport = {
    state: states.includes('unchecked') ? 'unchecked' : states.includes('checked') ? 'checked' : 'unneeded',
    takenDown: reports.flatMap(({takenDown}) => takenDown),
    compromised: reports.flatMap(({compromised}) => compromised),
    unknown: reports.flatMap(({unknown}) => unknown),
  }
  const deprecated = answers.flatMap((answer) => answer.deprecated)
  return new VersionStatus(report, deprecated, registries, policies)
}

/** What a registry says about some of its packages. */
async function statusOf(
  {client, packages}: {client: RegistryClient; packages: readonly PackageId[]},
  policies: Pick<Trust, 'takedowns'>,
  options: StatusOptions,
): Promise<Pick<VersionStatus, 'report' | 'deprecated'>> {
  const wanted = new Map(packages.map((each) => [idOf(each), each]))
  const {registry} = client
  const response = await ask(client, [...wanted.keys()], options)
  if ('reason' in response) {
    if (policies.takedowns === 'require') {
      const {reason, canRetry} = response
      const retry = canRetry && {retry: 'run the command again when the registry can be reached'}
      throw failure('TAKEDOWNS_UNCHECKED', {purpose: options.purpose ?? defaultPurpose, registry, reason, ...retry})
    }
    return {report: {...nothingToCheck, state: 'unchecked'}, deprecated: []}
  }
  const known = <Finding extends {version: string}>(findings: readonly Finding[]) =>
    findings.filter(({version}) => wanted.has(version))
  const report: StatusReport = {
    state: 'checked',
    takenDown: known(response.takenDown).map(({version, reason}) => ({
      version,
      reason: printable(reason ?? '') || 'no reason given',
    })),
    compromised: known(response.compromised).map(({version, keyId, revokedAt}): CompromisedPackage => ({
      version,
      keyId: printable(keyId),
      revokedAt: typeof revokedAt === 'string' ? printable(revokedAt) : null,
    })),
    unknown: response.unknown.filter((version) => wanted.has(version)),
  }
  return {report, deprecated: deprecationsIn(response, wanted)}
}

function deprecationsIn(
  {deprecated, yanked = []}: StatusResponse,
  wanted: ReadonlyMap<string, PackageId>,
): DeprecatedVersion[] {
  const messages = new Map(deprecated.map(({version, message}) => [version, message]))
  return [...new Set([...messages.keys(), ...yanked])].flatMap((id) => {
    const found = wanted.get(id)
    if (!found) return []
    const {name, version} = found
    return [{name, version, message: messages.get(id) ?? null, isYanked: yanked.includes(id)}]
  })
}

/** @returns the reason if the registry can't be reached, or doesn't support it. */
async function ask(
  client: RegistryClient,
  versions: readonly string[],
  {areInstalled = false, purpose = defaultPurpose}: StatusOptions,
): Promise<StatusResponse | {reason: string; canRetry: boolean}> {
  const parts = Array.from({length: Math.ceil(versions.length / maxStatusVersions)}, (_, index) =>
    versions.slice(index * maxStatusVersions, (index + 1) * maxStatusVersions),
  )
  const options = {purpose, ...(areInstalled && {timeout: maxWaitIfInstalled})}
  try {
    const request = () => Promise.all(parts.map((part) => client.call('getStatus', {body: {versions: part}}, options)))
    let responses = await request()
    // A credential that is only requested on demand may be able to read the unknown ones.
    if (responses.some(({unknown}) => unknown.length > 0) && (await client.demandCredential()))
      responses = await request()
    return {
      takenDown: responses.flatMap(({takenDown}) => takenDown),
      deprecated: responses.flatMap(({deprecated}) => deprecated),
      yanked: responses.flatMap(({yanked = []}) => yanked),
      compromised: responses.flatMap(({compromised}) => compromised),
      unknown: responses.flatMap(({unknown}) => unknown),
    }
  } catch (error) {
    const isOutOfOrder = areInstalled && (hasCode(error, 'SERVER_FAILED') || hasCode(error, 'RATE_LIMITED'))
    if (isUnreachable(error) || isOutOfOrder) {
      return {reason: isApkgError(error) ? error.message : 'it could not be reached', canRetry: true}
    }
    const isOffered = ![404, 405].includes(refusalBehind(error)?.status ?? 0)
    if (isOffered) throw error
    return {reason: 'the registry does not support it', canRetry: false}
  }
}

function takedownFailure({version, reason}: TakenDownPackage, registry: string, ways?: readonly string[]): ApkgError {
  const facts = {version, registry, reason: `it was taken down: ${reason}`}
  return failure('VERSION_TAKEN_DOWN', {...facts, ...(ways && {ways})})
}

function withPackage<Finding extends {version: string}>(
  finding: Finding,
  packages: ReadonlyMap<string, PackageId>,
): (Finding & {of: PackageId})[] {
  const of = packages.get(finding.version)
  return of ? [{...finding, of}] : []
}

function idOf({name, version}: PackageId): string {
  return `${name}@${version}`
}
