import {assertSameRegistry} from '../lockfile/assert-same-registry.js'
import type {PackageOrigins, ReadLockfile} from '../../catalog/lockfile/lockfile.js'
import {resolve} from '../resolution/resolve.js'
import type {ResolvedPackage} from '../resolution/resolved-package.js'
import type {PackumentLoader} from './packument-loader.js'

/** Which packages to resolve again. */
export interface ResolutionRequest {
  /** Names whose locked version is not preferred. */
  unlocked: ReadonlySet<string>
  /** Names whose range was given on the command line. */
  requested: ReadonlySet<string>
}

/**
 * Resolves the graph of a project's dependencies, preferring locked versions. No request is made if the lockfile
 * satisfies all of them.
 *
 * @param roots ranges by name.
 * @param isTrial whether a failure needn't be explained.
 * @throws {ApkgError} `LOCKFILE_OTHER_REGISTRY`; the errors of `resolve` and `loader`.
 */
export async function resolveProject(
  roots: Readonly<Record<string, string>>,
  previous: ReadLockfile | undefined,
  {origins, loader, isTrial = false}: {origins: PackageOrigins; loader: PackumentLoader; isTrial?: boolean},
  request?: ResolutionRequest,
): Promise<ReadonlyMap<string, ResolvedPackage>> {
  if (previous) assertSameRegistry(previous.lockfile, origins)
  return resolve(roots, {
    load: (name) => loader.choices(name),
    ...(!isTrial && {takedownOf: (version) => loader.takedownOf(version)}),
    locked: previous?.lockfile.packages ?? new Map(),
    ...request,
  })
}
