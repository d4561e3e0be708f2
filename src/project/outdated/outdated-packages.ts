import {assertDependencies} from '../installation/assert-dependencies.js'
import type {InstallContext} from '../installation/install-context.js'
import {PackagesFolder} from '../installation/packages-folder.js'
import {PackumentLoader} from '../installation/packument-loader.js'
import {assertSameRegistry} from '../lockfile/assert-same-registry.js'
import {readLockfile} from '../lockfile/read-lockfile.js'
import {readProject} from '../read-project.js'
import {versionCandidates} from '../resolution/choose-version.js'
import {newestVersion} from '../../catalog/package-choices.js'

/** A direct dependency that is not at its latest version. */
export interface OutdatedPackage {
  name: string
  /** The version range in `apkg.json`. */
  range: string
  /** The installed version, or the locked version if the package isn't installed; null if it isn't locked either. */
  current: string | null
  /** The newest version in the range; null if there is none. */
  wanted: string | null
  /** The newest published version; null if there is none. */
  latest: string | null
}

/**
 * The direct dependencies of a project that are not at their newest version, by name.
 *
 * @param names those to check; if empty, all.
 * @throws {ApkgError} `NOT_A_DEPENDENCY`, `ROUTE_CONTRADICTED`, `LOCKFILE_OTHER_REGISTRY`; the errors of reading and `PackumentLoader`.
 */
export async function outdatedPackages(
  names: readonly string[],
  context: Pick<InstallContext, 'project' | 'home' | 'registries' | 'cacheFolder' | 'downloads'>,
): Promise<OutdatedPackage[]> {
  const {project: folder, home, registries} = context
  const project = await readProject(folder)
  assertDependencies(names, project)
  const locked = (await readLockfile(folder))?.lockfile
  registries.assertSomeSelected(Object.keys(project.manifest.dependencies))
  registries.assertNoneContradicted(names)
  if (locked) assertSameRegistry(locked, registries)
  const {packages: installed} = await new PackagesFolder(folder).readLedger(home)
  const loader = new PackumentLoader(context)
  const {dependencies} = project.manifest
  const wanted = Object.entries(dependencies).filter(([name]) => names.length === 0 || names.includes(name))
  const packages = await Promise.all(
    wanted.map(async ([name, range]): Promise<OutdatedPackage> => {
      const choices = await loader.choices(name)
      const candidates = versionCandidates(name, {choices, locked: undefined, prefersLocked: false})
      return {
        name,
        range,
        current: (installed.get(name) ?? locked?.packages.get(name))?.version ?? null,
        wanted: candidates.candidate(candidates.best(candidates.fitting(range)))?.version ?? null,
        latest: newestVersion(choices)?.version ?? null,
      }
    }),
  )
  return packages
    .filter(({current, wanted, latest}) => current !== wanted || current !== latest)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}
