import {randomBytes} from 'node:crypto'
import {rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'

import {hasCode} from '@apkg/command-kit'

import {TarballCache} from '../../catalog/cache/tarball-cache.js'

import {limiter} from '../installation/limiter.js'
import {linkedPackages} from '../installation/linked-packages.js'
import {PackagesFolder} from '../installation/packages-folder.js'
import type {InstallContext} from '../installation/install-context.js'
import {fetchStatus} from '../installation/version-status.js'
import {TarballSource} from '../installation/tarball-source.js'
import type {LockedPackage} from '../../catalog/lockfile/lockfile.js'
import {checkProvenance, type ProvenanceSubject} from '../../trust/provenance/check-provenance.js'
import {lockedPackages} from './locked-packages.js'
import {signatureVerifier} from './verify-locked-signatures.js'
import {summaryOf, type PackageVerification, type Verification} from './verification.js'
import {verifyContent} from './verify-content.js'

/**
 * Verifies the packages of a project's lockfile: signatures and provenance against current registry data, the tarballs
 * from the cache or else from the registry, and every installed file. The project is not changed.
 *
 * Offline, cached data is verified, and the rest is `unchecked`.
 *
 * @param names of packages; if empty, all.
 * @throws {ApkgError} the errors of `lockedPackages`, `fetchStatus`, `signatureVerifier` and the client, except `OFFLINE`;
 *   `FOLDER_UNMANAGED`.
 */
export async function verifyPackages(names: readonly string[], context: InstallContext): Promise<Verification> {
  const {project, home, registries, cacheFolder, downloads, progress} = context
  const {registry} = registries
  const packages = await lockedPackages(names, context)
  const folder = new PackagesFolder(project)
  const ledger = await folder.readLedger(home)
  folder.assertReal(
    packages.map(({name}) => name),
    ledger.links,
  )
  const locked = new Set(packages.map(({name}) => name))
  const unlocked = names.length > 0 ? [] : folder.present().filter((name) => !locked.has(name))
  const status = await fetchStatus(packages, context, {purpose: 'verify packages'})
  const {report} = status
  if (packages.length === 0) return {registry, packages: [], summary: summaryOf([]), unlocked, status: report}
  const linked = new Set(linkedPackages(folder, ledger).map(({name}) => name))
  const scratch = path.join(tmpdir(), `apkg-verify-${randomBytes(8).toString('hex')}`)
  const caches = {cache: new TarballCache(cacheFolder), tarballs: new TarballSource(registries, cacheFolder, scratch)}
  const shown = progress(packages.length)
  try {
    const signatureOf = signatureVerifier(context, status)
    const verify = async (each: LockedPackage): Promise<PackageVerification> => {
      const {name, version, integrity} = each
      const {publicKey, ...signed} = await signatureOf(each)
      const location = {folder: folder.packagePath(name), isLinked: linked.has(name)}
      const content = await verifyContent({registry: registries.of(name), name, version, integrity}, location, caches)
      const provenance = await provenanceOf({name, version, integrity, publicKey}, context)
      shown.advance()
      const reported = new Set(signed.problems.map(({code}) => code))
      const problems = [...signed.problems, ...content.problems.filter(({code}) => !reported.has(code))]
      return {package: name, version, ...signed, ...content, ...provenance, problems}
    }
    const limit = limiter(downloads)
    const verified = await Promise.all(packages.map((each) => limit(() => verify(each))))
    return {registry, packages: verified, summary: summaryOf(verified), unlocked, status: report}
  } finally {
    await shown.end()
    await rm(scratch, {recursive: true, force: true})
  }
}

async function provenanceOf(
  version: ProvenanceSubject,
  {registries}: InstallContext,
): Promise<Pick<PackageVerification, 'provenance' | 'builder'>> {
  try {
    const {status, builder} = await checkProvenance(await registries.client(version.name), version)
    return {provenance: status, builder}
  } catch (error) {
    if (!hasCode(error, 'OFFLINE')) throw error
    return {provenance: 'unchecked', builder: null}
  }
}
