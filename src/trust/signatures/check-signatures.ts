import {hasCode, type RegistryClient} from '@apkg/command-kit'
import type {Packument, Signer} from '@apkg/wire/protocol'

import {failure} from '../failures.js'
import {PackumentCache} from '../../catalog/cache/packument-cache.js'
import type {LockedPackage} from '../../catalog/lockfile/lockfile.js'
import {readTrust, type SignaturePolicy} from '../trust.js'
import {pinnedKeys, trustedKeys, type TrustedKeys} from './registry-keys.js'
import type {SignatureReport} from './signature-report.js'
import {isRotatedTo, verdictOf, type Verdict} from './signature-verdict.js'

export type {SignatureReport} from './signature-report.js'

/** Changes of signatures that the user has agreed to. */
export interface AcceptedChanges {
  /** Names of packages that need not be signed any more. */
  unsigned: ReadonlySet<string>
  /** Ids of keys that may take another's place. */
  signers: ReadonlySet<string>
}

export interface CheckedInstallation {
  client: RegistryClient
  home: string
  cacheFolder: string
  accepted?: AcceptedChanges
}

export interface CheckOptions {
  load: {packument(name: string): Promise<Packument>}
  /** What the lockfile holds, by name. */
  locked: ReadonlyMap<string, LockedPackage> | undefined
  /** Whether the lockfile's word on signers is the last one. */
  isFrozen?: boolean
}

/**
 * Verifies the signatures of packages that are about to be installed, and compares their signers with those that the
 * lockfile remembers. Under the policy `off` it verifies nothing, and so knows no signer of what is new.
 */
export class SignatureCheck {
  readonly report: SignatureReport = {unsigned: [], unrecorded: [], unchecked: [], changed: []}
  readonly #checked = new Map<string, string | undefined>()
  readonly #accepted: AcceptedChanges
  #trusted: Promise<TrustedKeys> | undefined
  #pinned: Promise<TrustedKeys> | undefined

  private constructor(
    readonly policy: SignaturePolicy,
    private readonly installation: CheckedInstallation,
    private readonly options: CheckOptions,
  ) {
    this.#accepted = installation.accepted ?? {unsigned: new Set(), signers: new Set()}
  }

  /** @throws {ApkgError} what `readTrust` throws. */
  static async begin(installation: CheckedInstallation, options: CheckOptions): Promise<SignatureCheck> {
    return new SignatureCheck((await readTrust(installation.home)).signatures, installation, options)
  }

  /**
   * A graph with the signer of each package: as the lockfile has it where the package is locked, else after it was
   * verified. So the lockfile changes only where the graph does, or where `require` had a signer of it verified anew.
   *
   * @throws {ApkgError} as `verify` does.
   */
  async withSigners<Package extends LockedPackage>(
    graph: ReadonlyMap<string, Package>,
  ): Promise<ReadonlyMap<string, Package>> {
    const fresh = [...graph.values()].filter((each) => !this.#isLocked(each))
    await this.verify(fresh)
    await this.assertSigned(graph.values())
    return new Map(
      [...graph].map(([name, each]) => {
        const {signer: _, ...rest} = each
        const locked = this.#isLocked(each) ? this.#lockedOf(each)?.signer : undefined
        const signer = locked ?? this.#checked.get(name)
        return [name, signer === undefined ? (rest as Package) : {...each, signer}]
      }),
    )
  }

  /**
   * Under `require`, verifies also what the lockfile has no signer of, though it may be installed already.
   *
   * @throws {ApkgError} as `verify` does.
   */
  async assertSigned(packages: Iterable<LockedPackage>): Promise<void> {
    if (this.policy !== 'require') return
    await this.verify([...packages].filter((each) => this.#lockedOf(each)?.signer === undefined))
  }

  /**
   * Verifies packages, each once.
   *
   * @throws {ApkgError} what a verdict refuses with; `SIGNATURE_DOWNGRADED`, `SIGNER_CHANGED`, `SIGNATURE_REQUIRED`; what
   *   loading packuments and keys throws.
   */
  async verify(packages: readonly LockedPackage[]): Promise<void> {
    if (this.policy === 'off') return
    const pending = packages.filter(({name}) => !this.#checked.has(name))
    for (const {name} of pending) this.#checked.set(name, undefined)
    const unsigned = await Promise.all(pending.map((each) => this.#verifyOne(each)))
    const missing = unsigned.flatMap((id) => id ?? [])
    const {isFrozen = false} = this.options
    if (this.policy === 'require' && missing.length > 0) {
      throw failure('SIGNATURE_REQUIRED', {versions: missing.sort(), isFrozen})
    }
    this.report[isFrozen ? 'unrecorded' : 'unsigned'].push(...missing)
  }

  /** @returns the version, where it is not signed and need not have been, or a frozen lockfile does not say that it is. */
  async #verifyOne(wanted: LockedPackage): Promise<string | undefined> {
    const {name, version} = wanted
    const id = `${name}@${version}`
    const isLocked = this.#isLocked(wanted)
    const before = this.#lockedOf(wanted)?.signer
    // The lockfile's word is the last one, so there is nothing to compare a signer with.
    if (this.options.isFrozen && before === undefined) return id
    const told = await this.#told(wanted)
    if (!told) {
      this.report.unchecked.push(id)
      return undefined
    }
    const {verdict, signers} = told
    if (verdict.status === 'refused') throw verdict.error
    if (verdict.status === 'unsigned') {
      const isAccepted = !isLocked && this.#accepted.unsigned.has(name)
      if (before === undefined || isAccepted) return id
      throw failure('SIGNATURE_DOWNGRADED', {version: id, keyId: before, known: isLocked ? 'locked' : 'before'})
    }
    this.#checked.set(name, verdict.signer)
    if (before !== undefined && before !== verdict.signer) {
      this.#assertMayChange({name, version, before, after: verdict.signer}, {isLocked, signers})
    }
    return undefined
  }

  #assertMayChange(
    change: SignatureReport['changed'][0],
    {isLocked, signers}: {isLocked: boolean; signers: readonly Signer[]},
  ): void {
    const {name, version, before, after} = change
    if (!isLocked && isRotatedTo(before, after, signers)) return
    if (!isLocked && this.#accepted.signers.has(after)) return
    if (isLocked || this.policy === 'require') {
      const known = isLocked ? 'locked' : 'before'
      throw failure('SIGNER_CHANGED', {version: `${name}@${version}`, keyId: after, before, known})
    }
    this.report.changed.push(change)
  }

  /** Undefined where the registry cannot be asked and nothing is known of before. */
  async #told(wanted: LockedPackage): Promise<{verdict: Verdict; signers: readonly Signer[]} | undefined> {
    const {client, cacheFolder, home} = this.installation
    const {name, version, integrity} = wanted
    try {
      const packument = await this.options.load.packument(name)
      return await this.#judge(wanted, packument, () => (this.#trusted ??= trustedKeys(client, home)))
    } catch (error) {
      if (!isUnreachable(error)) throw error
      const kept = await new PackumentCache(cacheFolder).cached(client.registry, name)
      const isKnown = kept?.versions?.[version]?.dist?.integrity === integrity
      if (isKnown) return this.#judge(wanted, kept, () => (this.#pinned ??= pinnedKeys(client.registry, home)))
      if (this.policy === 'require') throw error
      return undefined
    }
  }

  async #judge(
    {name, version, integrity}: LockedPackage,
    {versions = {}, signers = []}: Packument,
    keys: () => Promise<TrustedKeys>,
  ): Promise<{verdict: Verdict; signers: readonly Signer[]}> {
    const metadata = Object.hasOwn(versions, version) ? versions[version] : undefined
    const attestations = metadata?.dist?.attestations ?? []
    // A registry is believed when it is first met, so its keys are asked for only where it attests something.
    if (attestations.length === 0) return {verdict: {status: 'unsigned', attestedBy: undefined}, signers}
    const {registry} = this.installation.client
    return {verdict: verdictOf({name, version, integrity, attestations, signers}, registry, await keys()), signers}
  }

  /** Whether the lockfile holds this very version. */
  #isLocked({name, version, integrity}: LockedPackage): boolean {
    const locked = this.options.locked?.get(name)
    return locked?.version === version && locked.integrity === integrity
  }

  /** What the lockfile holds of a package, be it of another version. */
  #lockedOf({name}: LockedPackage): LockedPackage | undefined {
    return this.options.locked?.get(name)
  }
}

function isUnreachable(error: unknown): boolean {
  return hasCode(error, 'OFFLINE') || hasCode(error, 'UNREACHABLE') || hasCode(error, 'TIMED_OUT')
}
