import {failure} from '@apkg/command-kit'
import {scopeOf} from '@apkg/package-format'

import {readLockfile} from '../lockfile/read-lockfile.js'
import {withDependencies} from '../edit-dependencies.js'
import {readProject} from '../read-project.js'
import {parseSpec, requirementOf} from '../../catalog/spec.js'
import {installGraph, type InstallReport} from './install-graph.js'
import {loaderOf} from './packument-loader.js'
import {PackagesFolder} from './packages-folder.js'
import {withProjectLock} from './project-lock.js'
import {resolveProject} from './resolve-project.js'
import type {InstallContext} from './install-context.js'

/** A package that was named on the command line. */
export interface AddedPackage {
  name: string
  version: string
  /** The version range in `apkg.json`. */
  range: string
  /** Absolute path of the installed package. */
  location: string
  /** `sha256-` and the base64 of the tarball's digest. */
  integrity: string
}

/** A scope that the project had no package of, and who publishes the one that was added. */
export interface NewScope {
  scope: string
  name: string
  /** Usernames. */
  publishers: readonly string[]
}

export interface AddReport extends InstallReport {
  added: AddedPackage[]
  newScopes: NewScope[]
}

/**
 * Adds packages to the manifest and installs them. The whole graph is resolved, so that what was there before fits what
 * comes.
 *
 * @param texts `@acme/tool`, `@acme/tool@^1`, `@acme/tool@next`; at least one.
 * @throws {ApkgError} `SPEC_INVALID`, `USAGE` for a name that is given twice; what reading, resolving and
 *   `installGraph` throw. Nothing has changed then.
 */
export async function addPackages(texts: readonly string[], context: InstallContext): Promise<AddReport> {
  const specs = texts.map(parseSpec)
  const names = new Set(specs.map(({name}) => name))
  if (names.size < specs.length) throw failure('USAGE', {message: 'a package is named more than once'})
  const folder = new PackagesFolder(context.project)
  await readProject(context.project)
  return withProjectLock(folder, async (lock) => {
    const project = await readProject(context.project)
    const previous = await readLockfile(context.project)
    const load = await loaderOf(context)
    const wishes = await Promise.all(
      specs.map(async ({name, wanted}) => {
        const choices = await load(name)
        return {name, choices, wish: requirementOf(wanted, choices)}
      }),
    )
    const before = project.manifest.dependencies
    const roots = {...before, ...Object.fromEntries(wishes.map(({name, wish}) => [name, wish.range]))}
    const {registry} = context.client
    const graph = await resolveProject(roots, previous, {registry, load}, {unlocked: names, requested: names})
    const dependencies = {...before, ...Object.fromEntries(wishes.map(({name, wish}) => [name, wish.saved]))}
    const manifest = {text: withDependencies(project, () => dependencies), dependencies}
    const report = await installGraph({project, previous, graph, manifest, load}, folder, context, lock)
    const knownScopes = new Set(Object.keys(before).map(scopeOf))
    return {
      ...report,
      added: wishes.flatMap(({name, wish}) => {
        const chosen = graph.get(name)
        if (!chosen) return []
        const {version, integrity} = chosen
        return [{name, version, range: wish.saved, location: folder.packagePath(name), integrity}]
      }),
      newScopes: wishes
        .filter(({name}) => !knownScopes.has(scopeOf(name)))
        .map(({name, choices: {publishers}}) => ({scope: scopeOf(name), name, publishers})),
    }
  })
}
