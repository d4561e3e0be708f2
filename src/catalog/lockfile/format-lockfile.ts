import {isDeepStrictEqual} from 'node:util'

import {scopeOf} from '@apkg/package-format'

import {lockedRegistryOf, type LockedPackage, type PackageOrigins, type ReadLockfile} from './lockfile.js'

/**
 * The text of the lockfile for a graph. If the graph is unchanged, so is the text, even if another client wrote it.
 *
 * @param previous the present lockfile, if any.
 * @param packages by name.
 */
export function lockfileFor(
  previous: ReadLockfile | undefined,
  packages: ReadonlyMap<string, LockedPackage>,
  origins: PackageOrigins,
): string {
  const isUnchanged =
    previous !== undefined &&
    previous.lockfile.leftOver.length === 0 &&
    [...packages.keys()].every(
      (name) => (lockedRegistryOf(previous.lockfile, name) ?? origins.of(name)) === origins.of(name),
    ) &&
    isDeepStrictEqual(comparable(previous.lockfile.packages), comparable(packages))
  return isUnchanged ? previous.text : formatLockfile(packages, origins)
}

/** The text of a lockfile: sorted, and without timestamps, so that branches which add packages can be merged. */
export function formatLockfile(packages: ReadonlyMap<string, LockedPackage>, origins: PackageOrigins): string {
  const {registry} = origins
  const routed = [...packages.keys()].filter((name) => origins.of(name) !== registry)
  const registries = Object.fromEntries(sorted(routed.map((name) => [scopeOf(name), origins.of(name)])))
  const content = {
    lockfileVersion: 1,
    requires: true,
    // The original client requires a time.
    resolved: '1970-01-01T00:00:00+00:00',
    registry,
    // A lockfile with one registry stays as earlier versions wrote it.
    ...(routed.length > 0 && {registries}),
    packages: Object.fromEntries(
      sorted(
        [...packages.values()].map((each) => [`${each.name}@${each.version}`, entryOf(each, origins.of(each.name))]),
      ),
    ),
  }
  return `${JSON.stringify(content, null, 2)}\n`
}

function entryOf({name, version, integrity, dependencies, type, signer}: LockedPackage, registry: string): object {
  return {
    version,
    // The original client requires a URL, but never requests it.
    resolved: `${registry}/packages/${encodeURIComponent(name)}/${version}/tarball`,
    integrity,
    dependencies: Object.fromEntries(sorted(Object.entries(dependencies))),
    type,
    optional: false,
    ...(signer !== undefined && {signer}),
  }
}

/** The fields that a lockfile records. */
function comparable(packages: ReadonlyMap<string, LockedPackage>): ReadonlyMap<string, object> {
  return new Map(
    [...packages].map(([name, {version, integrity, dependencies, type, signer}]) => [
      name,
      {version, integrity, dependencies: sorted(Object.entries(dependencies)), type, signer},
    ]),
  )
}

/** By code unit, which is byte order for names and versions. */
function sorted<Value>(entries: [string, Value][]): [string, Value][] {
  return entries.sort(([a], [b]) => (a < b ? -1 : 1))
}
