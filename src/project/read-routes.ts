import {realpath} from 'node:fs/promises'
import path from 'node:path'
import {isDeepStrictEqual} from 'node:util'

import {canonicalRegistry, hasCode, isApkgError, printable} from '@apkg/command-kit'
import {isPackageScope, manifestFile} from '@apkg/package-format'
import {isJsonObject} from '@apkg/wire'

import type {RegistryByScope, Routes} from '../trust/routes.js'
import {readTrust} from '../trust/trust-store.js'
import {failure} from './failures.js'
import {readProject} from './read-project.js'

/**
 * The routes of a project: the user's own, then those that it proposes and the user has accepted. The user accepts
 * exactly one list for the real path of a project. A changed list, or the same list in another directory, is not
 * accepted.
 *
 * @param project its directory, absolute; undefined if there is none.
 * @throws {ApkgError} the errors of `readTrust` and `proposedRoutes`.
 */
export async function readRoutes(project: string | undefined, home: string): Promise<Routes> {
  const {scopes, projects} = await readTrust(home)
  const proposed = project === undefined ? {} : await proposedRoutes(project)
  const news = Object.entries(proposed).filter(([scope]) => !Object.hasOwn(scopes, scope))
  if (project === undefined || news.length === 0) return {accepted: scopes, proposed: {}}
  const agreed = projects[await realpath(project)]
  return isDeepStrictEqual(agreed, proposed)
    ? {accepted: {...Object.fromEntries(news), ...scopes}, proposed: {}}
    : {accepted: scopes, proposed: Object.fromEntries(news)}
}

/**
 * The registries that a project proposes in `registries` of its `apkg.json`, by scope; empty without a manifest.
 *
 * @throws {ApkgError} `MANIFEST_INVALID`; the other errors of `readProject`.
 */
export async function proposedRoutes(project: string): Promise<RegistryByScope> {
  try {
    const {manifest} = await readProject(project)
    return parseRegistries(manifest.registries ?? {}, path.join(project, manifestFile))
  } catch (error) {
    if (hasCode(error, 'MANIFEST_NOT_FOUND')) return {}
    throw error
  }
}

function parseRegistries(registries: unknown, file: string): RegistryByScope {
  const invalid = (reason: string) => failure('MANIFEST_INVALID', {path: file, reason: printable(reason)})
  if (!isJsonObject(registries)) throw invalid('`registries` must be an object that maps scopes to URLs')
  const entries = Object.entries(registries).map(([scope, url]): [string, string] => {
    if (!isPackageScope(scope)) throw invalid(`\`${scope}\` in \`registries\` is not a scope`)
    if (typeof url !== 'string') throw invalid(`the registry of \`${scope}\` must be a URL`)
    try {
      return [scope, canonicalRegistry(url, `\`registries\` of ${file}`)]
    } catch (error) {
      throw isApkgError(error) ? invalid(error.message) : error
    }
  })
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
}
