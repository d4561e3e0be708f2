import path from 'node:path'

import {failure} from '@apkg/command-kit'
import {manifestFile, scopeOf} from '@apkg/package-format'

import {assertSameRegistry} from '../lockfile/assert-same-registry.js'
import {readLockfile} from '../lockfile/read-lockfile.js'
import {withDependencies} from '../edit-dependencies.js'
import {orSimilar} from '../../catalog/search/similar-package.js'
import {parseSpec, requirementOf} from '../../catalog/spec.js'
import {deprecationsOf} from './deprecations.js'
import {graphStatus, installGraph, type InstallReport} from './install-graph.js'
import type {InstallContext} from './install-context.js'
import {PackagesFolder} from './packages-folder.js'
import {PackumentLoader} from './packument-loader.js'
import {projectOrNew} from './project-or-new.js'
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
  /** The manifest that was created. Undefined if the project had one. */
  createdManifest: CreatedManifest | undefined
}

/** A manifest that was created for the first packages of a project. */
export interface CreatedManifest {
  /** Absolute path. */
  path: string
  /** The name in it. */
  name: string
}

/**
 * Adds packages to the manifest, which is created if there is none, and installs them. The complete graph is resolved, so that new and existing dependencies
 * are compatible.
 *
 * @param texts `@acme/tool`, `@acme/tool@^1`, `@acme/tool@next`; at least one.
 * @throws {ApkgError} `SPEC_INVALID`, `USAGE` for a name that is given twice, `ROUTE_CONTRADICTED`; the errors of reading, resolving and
 *   `installGraph`. Nothing has changed then.
 */
export async function addPackages(texts: readonly string[], context: InstallContext): Promise<AddReport> {
  const specs = texts.map(parseSpec)
  const names = new Set(specs.map(({name}) => name))
  if (names.size < specs.length)
    throw failure('USAGE', {message: 'A package was given more than once', suggestions: ['pass each package once']})
  context.registries.assertNoneContradicted([...names])
  const folder = new PackagesFolder(context.project)
  await projectOrNew(context)
  return withProjectLock(folder, async (lock) => {
    const project = await projectOrNew(context)
    const previous = await readLockfile(context.project)
    // Nothing may be requested from a registry other than the locked one.
    if (previous) assertSameRegistry(previous.lockfile, context.registries)
    const loader = new PackumentLoader(context)
    const requested = await Promise.all(
      specs.map(async ({name, wanted}) => {
        const client = await context.registries.client(name)
        const choices = await orSimilar(client, name, () => loader.choices(name))
        return {name, choices, requirement: requirementOf(wanted, choices)}
      }),
    )
    const before = project.manifest.dependencies
    const roots = {...before, ...Object.fromEntries(requested.map(({name, requirement}) => [name, requirement.range]))}
    const graph = await resolveProject(
      roots,
      previous,
      {origins: context.registries, loader},
      {unlocked: names, requested: names},
    )
    const dependencies = {
      ...before,
      ...Object.fromEntries(requested.map(({name, requirement}) => [name, requirement.saved])),
    }
    const manifest = {text: withDependencies(project, () => dependencies), dependencies}
    const status = await graphStatus({previous, graph, includesLocked: false}, folder, context)
    const report = await installGraph({project, previous, graph, manifest, loader, status}, folder, context, lock)
    const added = requested.flatMap(({name, requirement}) => {
      const chosen = graph.get(name)
      if (!chosen) return []
      const {version, integrity} = chosen
      return [{name, version, range: requirement.saved, location: folder.packagePath(name), integrity}]
    })
    const present = added.filter(({name}) => !report.installed.some((each) => each.name === name))
    const knownScopes = new Set(Object.keys(before).map(scopeOf))
    return {
      ...report,
      // A package that was installed before is chosen again, so its deprecation counts, too.
      deprecated: [...report.deprecated, ...(await deprecationsOf(present, loader))],
      added,
      createdManifest: project.isNew
        ? {path: path.join(context.project, manifestFile), name: project.manifest.name}
        : undefined,
      newScopes: requested
        .filter(({name}) => scopeOf(name) !== '' && !knownScopes.has(scopeOf(name)))
        .map(({name, choices: {publishers}}) => ({scope: scopeOf(name), name, publishers})),
    }
  })
}
