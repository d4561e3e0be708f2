import {failure} from '@apkg/command-kit'
import {scopeOf} from '@apkg/package-format'

import {readLockfile} from '../lockfile/read-lockfile.js'
import {withDependencies} from '../edit-dependencies.js'
import {readProject} from '../read-project.js'
import {parseSpec, requirementOf} from '../../catalog/spec.js'
import {graphStatus, installGraph, type InstallReport} from './install-graph.js'
import type {InstallContext} from './install-context.js'
import {PackagesFolder} from './packages-folder.js'
import {PackumentLoader} from './packument-loader.js'
import {withProjectLock} from './project-lock.js'
import {resolveProject} from './resolve-project.js'

/** A package that was given on the command line. */
export interface AddedPackage {
  name: string
  version: string
  /** The version range in `apkg.json`. */
  range: string
  /** Absolute path of the installed package. */
  location: string
  /** `sha256-` followed by the base64-encoded digest of the tarball. */
  integrity: string
}

/** A scope that is new to the project, with one of its packages that was added. */
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
 * Adds packages to the manifest and installs them. The complete graph is resolved, so that new and existing dependencies
 * are compatible.
 *
 * @param texts `@acme/tool`, `@acme/tool@^1`, `@acme/tool@next`; at least one.
 * @throws {ApkgError} `SPEC_INVALID`, `USAGE` for a name that is given twice; the errors of reading, resolving and
 *   `installGraph`. Nothing has changed then.
 */
export async function addPackages(texts: readonly string[], context: InstallContext): Promise<AddReport> {
  const specs = texts.map(parseSpec)
  const names = new Set(specs.map(({name}) => name))
  if (names.size < specs.length)
    throw failure('USAGE', {message: 'A package was given more than once', suggestions: ['pass each package once']})
  const folder = new PackagesFolder(context.project)
  await readProject(context.project)
  return withProjectLock(folder, async (lock) => {
    const project = await readProject(context.project)
    const previous = await readLockfile(context.project)
    const loader = await PackumentLoader.open(context)
    const requested = await Promise.all(
      specs.map(async ({name, wanted}) => {
        const choices = await loader.choices(name)
        return {name, choices, requirement: requirementOf(wanted, choices)}
      }),
    )
    const before = project.manifest.dependencies
    const roots = {...before, ...Object.fromEntries(requested.map(({name, requirement}) => [name, requirement.range]))}
    const {registry} = context.client
    const graph = await resolveProject(roots, previous, {registry, loader}, {unlocked: names, requested: names})
    const dependencies = {
      ...before,
      ...Object.fromEntries(requested.map(({name, requirement}) => [name, requirement.saved])),
    }
    const manifest = {text: withDependencies(project, () => dependencies), dependencies}
    const status = await graphStatus({previous, graph, includesLocked: false}, folder, context)
    const report = await installGraph({project, previous, graph, manifest, loader, status}, folder, context, lock)
    const knownScopes = new Set(Object.keys(before).map(scopeOf))
    return {
      ...report,
      added: requested.flatMap(({name, requirement}) => {
        const chosen = graph.get(name)
        if (!chosen) return []
        const {version, integrity} = chosen
        return [{name, version, range: requirement.saved, location: folder.packagePath(name), integrity}]
      }),
      newScopes: requested
        .filter(({name}) => !knownScopes.has(scopeOf(name)))
        .map(({name, choices: {publishers}}) => ({scope: scopeOf(name), name, publishers})),
    }
  })
}
