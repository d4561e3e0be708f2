import {hasCode, isApkgError, nearestOf, refusalBehind, type RegistryClient} from '@apkg/command-kit'
import {scopeOf} from '@apkg/package-format'

import {failure} from '../failures.js'
import {searchPackages} from './search-packages.js'

/** Characters of a mistyped name that are assumed to be right. */
const start = 2

const maxResults = 50

/** Milliseconds. */
const timeout = 3000

/**
 * Looks up a package that the user named. If it isn't found, the error suggests a similar name.
 *
 * @throws {ApkgError} `PACKAGE_NOT_FOUND`; the errors of `look`
 */
export async function orSimilar<Result>(
  client: RegistryClient,
  name: string,
  look: () => Promise<Result>,
): Promise<Result> {
  try {
    return await look()
  } catch (error) {
    const refusal = refusalBehind(error)
    const meant = hasCode(error, 'PACKAGE_NOT_FOUND') && refusal ? await similarPackage(client, name) : undefined
    if (meant === undefined || !refusal) throw error
    const isAnonymous = client.credential === undefined
    const facts = {name, registry: client.registry, reason: refusal.reason, isAnonymous, meant}
    throw failure('PACKAGE_NOT_FOUND', facts, {cause: refusal})
  }
}

/**
 * Finds the package that was probably meant: one of the same scope with a similar name that the user can read. Undefined if
 * there is none, or if the registry can't be searched.
 *
 * @param name of a package that doesn't exist.
 */
async function similarPackage(client: RegistryClient, name: string): Promise<string | undefined> {
  const scope = scopeOf(name)
  if (scope === '') return undefined
  const own = name.slice(scope.length + 1)
  try {
    const found = await Promise.all(
      [`${scope}/${own.slice(0, start)}`, scope].map((text) =>
        searchPackages(client, text, {limit: maxResults, offset: 0}, {timeout}),
      ),
    )
    const names = found.flatMap(({results}) => results.map((each) => each.name))
    const alike = names.filter((each) => scopeOf(each) === scope).map((each) => each.slice(scope.length + 1))
    const nearest = await nearestOf(own, alike)
    return nearest === undefined ? undefined : `${scope}/${nearest}`
  } catch (error) {
    if (!isApkgError(error) || error.code === 'INTERRUPTED') throw error
    return undefined
  }
}
