import {printable} from '@apkg/command-kit'

import {failure} from '../failures.js'
import {parseRange} from '../../catalog/range.js'
import type {Lockfile} from '../../catalog/lockfile/lockfile.js'

/** How many of the things that are wrong are named. */
const mostNamed = 10

/**
 * Refuses a lockfile that is not exactly the graph of a manifest's dependencies: every edge must fit, and every package
 * must be needed.
 *
 * @param roots the manifest's ranges by name.
 * @throws {ApkgError} `LOCKFILE_STALE` naming what is wrong, `RANGE_INVALID`.
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
      const need = `${by} needs ${name} ${printable(range)}`
      if (!found) problems.push(`${need}, which is not locked`)
      else if (!parseRange(range)?.test(found.version)) problems.push(`${need}, and ${found.version} is locked`)
      if (found) reached.add(name)
    }
  }
  follow('apkg.json', roots)
  for (const name of reached) {
    const found = packages.get(name)
    if (found) follow(`${name} ${found.version}`, found.dependencies)
  }
  const unneeded = [...packages.values()].filter(({name}) => !reached.has(name))
  problems.push(...[...unneeded.map(({name, version}) => `${name}@${version}`), ...leftOver].map(nobodyNeeds))
  if (problems.length === 0) return
  const unnamed = problems.length - mostNamed
  const named = problems.slice(0, mostNamed)
  throw failure('LOCKFILE_STALE', {problems: unnamed > 0 ? [...named, `and ${unnamed} more`] : named})
}

function nobodyNeeds(key: string): string {
  return `${key} is locked, and nothing needs it`
}

/**
 * Refuses a lockfile that was made with another registry: its packages would be others by the same names.
 *
 * @param registry canonical URL.
 * @throws {ApkgError} `LOCKFILE_OTHER_REGISTRY`.
 */
export function assertSameRegistry({registry: locked}: Lockfile, registry: string): void {
  if (locked === undefined || locked === registry) return
  throw failure('LOCKFILE_OTHER_REGISTRY', {locked: printable(locked), registry})
}
