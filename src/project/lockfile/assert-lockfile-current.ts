import {printable} from '@apkg/command-kit'

import {failure} from '../failures.js'
import {parseRange} from '../../catalog/range.js'
import type {Lockfile} from '../../catalog/lockfile/lockfile.js'

/** How many problems a message lists. */
const maxListed = 10

/**
 * Asserts that a lockfile is exactly the graph of a manifest's dependencies: it satisfies every range and contains no
 * other package.
 *
 * @param roots the manifest's ranges by name.
 * @throws {ApkgError} `LOCKFILE_STALE`, `RANGE_INVALID`.
 */
export function assertLockfileCurrent(lockfile: Lockfile, roots: Readonly<Record<string, string>>): void {
  for (const [name, range] of Object.entries(roots)) {
    if (!parseRange(range)) throw failure('RANGE_INVALID', {name, range: printable(range)})
  }
  const {packages, leftOver} = lockfile
  const problems: string[] = []
  const reached = new Set<string>()
  const follow = (by: string, dependencies: Readonly<Record<string, string>>) => {
    for (const [name, range] of Object.entries(dependencies)) {
      const found = packages.get(name)
      const requirement = `${by} requires ${name} ${printable(range)}`
      if (!found) problems.push(`${requirement}, but it is not locked`)
      else if (!parseRange(range)?.test(found.version)) problems.push(`${requirement}, but ${found.version} is locked`)
      if (found) reached.add(name)
    }
  }
  follow('apkg.json', roots)
  for (const name of reached) {
    const found = packages.get(name)
    if (found) follow(`${name} ${found.version}`, found.dependencies)
  }
  const unneeded = [...packages.values()].filter(({name}) => !reached.has(name))
  problems.push(
    ...[...unneeded.map(({name, version}) => `${name}@${version}`), ...leftOver].map(
      (id) => `${id} is locked, but nothing requires it`,
    ),
  )
  if (problems.length === 0) return
  const unlisted = problems.length - maxListed
  const listed = problems.slice(0, maxListed)
  throw failure('LOCKFILE_STALE', {problems: unlisted > 0 ? [...listed, `and ${unlisted} more`] : listed})
}
