import {assertSameRegistry} from '../lockfile/assert-lockfile.js'
import type {ReadLockfile} from '../../catalog/lockfile/lockfile.js'
import {resolve} from '../resolution/resolve.js'
import type {ResolvedPackage} from '../resolution/resolved-package.js'
import type {Loader} from './packument-loader.js'

/** What is looked for anew. */
export interface Anew {
  unlocked: ReadonlySet<string>
  /** Names whose range comes from this run. */
  requested: ReadonlySet<string>
}

/**
 * The graph of a project's dependencies, at the lockfile's versions where they fit. A lockfile that is enough needs no
 * registry.
 *
 * @param roots ranges by name.
 * @throws {ApkgError} `LOCKFILE_OTHER_REGISTRY`; what `resolve` and the loader throw.
 */
export async function resolveProject(
  roots: Readonly<Record<string, string>>,
  previous: ReadLockfile | undefined,
  {registry, load}: {registry: string; load: Loader},
  anew?: Anew,
): Promise<ReadonlyMap<string, ResolvedPackage>> {
  if (previous) assertSameRegistry(previous.lockfile, registry)
  return resolve(roots, {
    load,
    locked: previous?.lockfile.packages ?? new Map(),
    ...(anew && {unlocked: anew.unlocked, requested: anew.requested}),
  })
}
