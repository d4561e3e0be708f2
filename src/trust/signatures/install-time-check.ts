import {isApkgError} from '@apkg/command-kit'
import type {Packument, Signer} from '@apkg/wire/protocol'

import {failure, failures} from '../failures.js'
import {PackumentCache} from '../../catalog/cache/packument-cache.js'
import type {LockedPackage} from '../../catalog/lockfile/lockfile.js'
import {isUnreachable} from '../../files/is-unreachable.js'
import type {PackageRegistries} from '../package-registries.js'
import {choseSignaturePolicy, readTrust, type SignaturePolicy, type Trust} from '../trust-store.js'
import {mustBeAttested, pinnedKeys, trustedKeys, type TrustedKeys} from './registry-keys.js'
import type {SignatureReport} from './signature-report.js'
import {isRotatedTo, verifySignatures, type SignatureVerdict} from './verify-signatures.js'

export type {SignatureReport} from './signature-report.js'

/** Changes of signatures that the user accepts. */
export interface AcceptedChanges {
  /** Names of packages that can be unsigned even though they were signed before. */
  unsigned: ReadonlySet<string>
  /** IDs of keys that can replace the previous signer of a package. */
  signers: ReadonlySet<string>
}

interface Judged {
  verdict: SignatureVerdict
  signers: readonly Signer[]
  /** Whether an unsigned version must be attested too. */
  mustAttest: boolean
}

export interface CheckedInstallation {
  registries: PackageRegistries
  home: string
  cacheFolder: string
  accepted?: AcceptedChanges
}

export interface CheckOptions {
  load: {packument(name: string): Promise<Packument>}
  /** The packages of the lockfile, by name. */
  locked: ReadonlyMap<string, LockedPackage> | undefined
  /** Whether the lockfile can't be changed: only signers that it records are verified. */
  isFrozen?: boolean
}

/**
 * Verifies the signatures of packages before they are installed, and compares their signers with the lockfile. Under the
 * policy `off` it verifies nothing, and finds no signers of new packages.
 */
export class InstallTimeCheck {
  readonly report: SignatureReport = {unsigned: [], unrecorded: [], unchecked: [], changed: []}
  readonly #checked = new Map<string, string | undefined>()
  readonly #accepted: AcceptedChanges
  /** By registry. */
  readonly #trusted = new Map<string, Promise<TrustedKeys>>()
  /** By registry. */
  readonly #pinned = new Map<string, Promise<TrustedKeys>>()

  private constructor(
    private readonly trust: Trust,
    private readonly installation: CheckedInstallation,
    private readonly options: CheckOptions,
  ) {
    this.#accepted = installation.accepted ?? {unsigned: new Set(), signers: new Set()}
  }

  /** @throws {ApkgError} the errors of `readTrust`. */
  static async begin(installation: CheckedInstallation, options: CheckOptions): Promise<InstallTimeCheck> {
    const check = new InstallTimeCheck(await readTrust(installation.home), installation, options)
    const isChosen = check.policy === 'warn' && (await choseSignaturePolicy(installation.home))
    if (isChosen) check.report.warnsUnsigned = true
    return check
  }

  get policy(): SignaturePolicy {
    return this.trust.signatures
  }

  /**
   * Adds the signer to each package of a graph: from the lockfile if the package is locked, else from verification. So
   * the lockfile changes only if the graph does, or if `require` led to a new verification.
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
   * Under `require`, also verifies packages without a signer in the lockfile, even if they are installed.
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
   * @throws {ApkgError} the error of a verdict; `SIGNATURE_DOWNGRADED`, `SIGNER_CHANGED`, `SIGNATURE_REQUIRED`; the
   *   errors of loading packuments and keys.
   */
  async verify(packages: readonly LockedPackage[]): Promise<void> {
    if (this.policy === 'off') return
    const pending = packages.filter(({name}) => !this.#checked.has(name))
    for (const {name} of pending) this.#checked.set(name, undefined)
    const unsigned = await Promise.all(pending.map((each) => this.#verifyOrForget(each)))
    const missing = unsigned.flatMap((id) => id ?? [])
    const {isFrozen = false} = this.options
    if (this.policy === 'require' && missing.length > 0) {
      const known = isFrozen ? await this.#neverSigned(pending, new Set(missing)) : missing
      // A lockfile can't record a signer of a package without one.
      if (known.length > 0) throw failure('SIGNATURE_REQUIRED', {versions: known.sort(), isFrozen: false})
      throw failure('SIGNATURE_REQUIRED', {versions: missing.sort(), isFrozen})
    }
    this.report[isFrozen ? 'unrecorded' : 'unsigned'].push(...missing)
  }

  /** Those that the registry knows as unsigned. */
  async #neverSigned(packages: readonly LockedPackage[], ids: ReadonlySet<string>): Promise<string[]> {
    const known = await Promise.all(
      packages.map(async (each) => {
        const id = `${each.name}@${each.version}`
        if (!ids.has(id)) return []
        try {
          return (await this.#judge(each))?.verdict.status === 'unsigned' ? [id] : []
        } catch (error) {
          if (!isApkgError(error)) throw error
          return []
        }
      }),
    )
    return known.flat()
  }

  /**
   * A refused packument is forgotten. If it was forged, but has the genuine ETag, the registry would confirm it from now
   * on.
   */
  async #verifyOrForget(wanted: LockedPackage): Promise<string | undefined> {
    const {registries, cacheFolder, home} = this.installation
    try {
      return await this.#verifyOne(wanted)
    } catch (error) {
      const isRefused = isApkgError(error) && error.code in failures
      if (isRefused) await new PackumentCache(cacheFolder, home).forget(registries.of(wanted.name), wanted.name)
      throw error
    }
  }

  /** @returns `name@version` if it is acceptably unsigned, or a frozen lockfile doesn't record its signer. */
  async #verifyOne(wanted: LockedPackage): Promise<string | undefined> {
    const {name, version} = wanted
    const id = `${name}@${version}`
    const isLocked = this.#isLocked(wanted)
    const before = this.#lockedOf(wanted)?.signer
    // Without a signer in the lockfile, there is nothing to compare with.
    if (this.options.isFrozen && before === undefined) return id
    const judged = await this.#judge(wanted)
    if (!judged) {
      this.report.unchecked.push(id)
      return undefined
    }
    const {verdict, signers, mustAttest} = judged
    if (verdict.status === 'refused') throw verdict.error
    if (verdict.status === 'unsigned') {
      const isAccepted = !isLocked && this.#accepted.unsigned.has(name)
      const isAttested = verdict.attestedBy !== undefined
      if (before === undefined || isAccepted) {
        if (!isAttested && mustAttest)
          throw failure('ATTESTATION_MISSING', {version: id, registry: this.installation.registries.of(name)})
        if (before !== undefined) (this.report.downgraded ??= []).push(id)
        return id
      }
      const expected = isLocked ? 'locked' : 'before'
      throw failure('SIGNATURE_DOWNGRADED', {
        version: id,
        keyId: before,
        expected,
        isRequired: this.policy === 'require',
      })
    }
    this.#checked.set(name, verdict.signer)
    if (before !== undefined && before !== verdict.signer) {
      this.#assertCanChange({name, version, before, after: verdict.signer}, {isLocked, signers})
    }
    return undefined
  }

  #assertCanChange(
    change: SignatureReport['changed'][0],
    {isLocked, signers}: {isLocked: boolean; signers: readonly Signer[]},
  ): void {
    const {name, version, before, after} = change
    if (!isLocked && isRotatedTo(before, after, signers)) return
    if (!isLocked && this.#accepted.signers.has(after)) return
    if (isLocked || this.policy === 'require') {
      const expected = isLocked ? 'locked' : 'before'
      throw failure('SIGNER_CHANGED', {version: `${name}@${version}`, keyId: after, before, expected})
    }
    this.report.changed.push(change)
  }

  /** Undefined if the version is locked, the registry can't be reached, and no metadata of this version is cached. */
  async #judge(wanted: LockedPackage): Promise<Judged | undefined> {
    const {registries, cacheFolder, home} = this.installation
    const {name, version, integrity} = wanted
    const registry = registries.of(name)
    let packument
    try {
      packument = await this.options.load.packument(name)
    } catch (error) {
      if (!isUnreachable(error)) throw error
      const cached = await new PackumentCache(cacheFolder, home).cached(registry, name)
      const isCached = cached?.versions?.[version]?.dist?.integrity === integrity
      if (isCached)
        return this.#judgeBy(cached, wanted, () => once(this.#pinned, registry, () => pinnedKeys(registry, home)))
      if (this.policy === 'require' || !this.#isLocked(wanted)) throw error
      return undefined
    }
    return this.#judgeBy(packument, wanted, () => once(this.#trusted, registry, () => this.#keys(name)))
  }

  /**
   * An attacker who controls the connection can block the keys but still send metadata. It is then verified with the
   * pinned keys.
   */
  async #keys(name: string): Promise<TrustedKeys> {
    const {registries, home} = this.installation
    const client = await registries.client(name)
    try {
      return await trustedKeys(client, home)
    } catch (error) {
      const pinned = isUnreachable(error) ? await pinnedKeys(client.registry, home) : undefined
      if (!pinned?.size) throw error
      return pinned
    }
  }

  async #judgeBy(
    {versions = {}, signers = []}: Packument,
    {name, version, integrity}: LockedPackage,
    keys: () => Promise<TrustedKeys>,
  ): Promise<Judged> {
    const metadata = Object.hasOwn(versions, version) ? versions[version] : undefined
    const attestations = metadata?.dist?.attestations ?? []
    const registry = this.installation.registries.of(name)
    // Someone who controls the connection can hide a version, but then only the locked bytes can be installed.
    const mustAttest = metadata !== undefined && mustBeAttested(this.trust, registry)
    // Fetching keys pins those of a new registry, so they are fetched only if there is something to verify.
    if (attestations.length === 0) return {verdict: {status: 'unsigned', attestedBy: undefined}, signers, mustAttest}
    const signed = {name, version, integrity, attestations, signers}
    return {verdict: verifySignatures(signed, registry, await keys()), signers, mustAttest}
  }

  /** Whether the lockfile records exactly this version. */
  #isLocked({name, version, integrity}: LockedPackage): boolean {
    const locked = this.options.locked?.get(name)
    return locked?.version === version && locked.integrity === integrity
  }

  /** The locked version of a package, which can be a different one. */
  #lockedOf({name}: LockedPackage): LockedPackage | undefined {
    return this.options.locked?.get(name)
  }
}

/** The value of a key, made when it is first needed. */
function once<Value>(values: Map<string, Value>, key: string, make: () => Value): Value {
  const value = values.get(key) ?? make()
  values.set(key, value)
  return value
}
