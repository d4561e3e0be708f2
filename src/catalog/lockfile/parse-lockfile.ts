import {
  compareVersions,
  isPackageName,
  isPackageScope,
  isVersion,
  parseIntegrity,
  parseJson,
} from '@apkg/package-format'
import {isKeyId} from '@apkg/package-format/signing'
import {isJsonObject} from '@apkg/wire'

import {parseRange} from '../range.js'
import type {LockedPackage, Lockfile} from './lockfile.js'

/** Why a text isn't a lockfile. The message completes "… is damaged: ", and can quote the file. */
export class LockfileProblem extends Error {
  override readonly name: string = 'LockfileProblem'
}

/** The lockfile has an unknown format version. */
export class LockfileVersionProblem extends LockfileProblem {
  override readonly name = 'LockfileVersionProblem'

  constructor(readonly version: string) {
    super(`unsupported lockfileVersion ${version}`)
  }
}

/**
 * Parses a lockfile. Names and versions become paths and URLs, so the format is checked strictly. Unused fields are
 * ignored, most of all `resolved`, which is never requested.
 *
 * The original client leaves outdated versions in the file. Of several versions, this takes the highest that satisfies
 * the other packages, or else the highest, which then fails to match the manifest and is resolved again.
 *
 * @throws {LockfileProblem}
 */
export function parseLockfile(text: string): Lockfile {
  const value = readJson(text)
  if (!isJsonObject(value)) throw new LockfileProblem('it is not a JSON object')
  const {lockfileVersion, registry, registries = {}, packages} = value as {[field: string]: unknown}
  if (lockfileVersion === undefined) throw new LockfileProblem('it has no `lockfileVersion`')
  if (lockfileVersion !== 1) throw new LockfileVersionProblem(JSON.stringify(lockfileVersion).slice(0, 100))
  if (registry !== undefined && typeof registry !== 'string') throw new LockfileProblem('`registry` is not a string')
  if (!isJsonObject(registries)) throw new LockfileProblem('`registries` is not an object')
  if (!isJsonObject(packages)) throw new LockfileProblem('`packages` is not an object')
  const entries = Object.entries(packages).map(([key, entry]) => parseEntry(key, entry))
  return {registry, registries: parseRegistries(registries), ...oneVersionEach(entries)}
}

function readJson(text: string): unknown {
  let value: unknown
  try {
    value = parseJson(text)
  } catch {
    throw new LockfileProblem(text.trim() === '' ? 'it is empty' : 'it is not JSON')
  }
  // With duplicate fields, a reviewer may see the first, but a parser takes the last.
  if (countFieldsIn(text) !== countFieldsOf(value)) throw new LockfileProblem('it has a duplicate field')
  return value
}

/** The number of fields in a JSON text, duplicates included. */
function countFieldsIn(text: string): number {
  const withoutEscapes = text.replaceAll(/\\./g, '')
  return (withoutEscapes.match(/"[^"]*"\s*:?/g) ?? []).filter((each) => each.endsWith(':')).length
}

function countFieldsOf(root: unknown): number {
  let count = 0
  const pending = [root]
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    if (typeof value !== 'object' || value === null) continue
    if (!Array.isArray(value)) count += Object.keys(value).length
    for (const each of Object.values(value)) pending.push(each)
  }
  return count
}

function parseRegistries(registries: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(registries).map(([scope, registry]) => {
      if (isPackageScope(scope) && typeof registry === 'string') return [scope, registry]
      throw new LockfileProblem(`\`registries\` has an invalid entry \`${scope.slice(0, 300)}\``)
    }),
  )
}

function parseEntry(key: string, entry: unknown): LockedPackage {
  const at = key.lastIndexOf('@')
  const name = key.slice(0, Math.max(at, 0))
  const version = key.slice(at + 1)
  const problem = (reason: string) => new LockfileProblem(`the entry \`${key.slice(0, 300)}\` ${reason}`)
  if (!isPackageName(name) || !isVersion(version)) throw problem('is not named `@scope/name@version`')
  if (!isJsonObject(entry)) throw problem('is not an object')
  const {integrity, type, dependencies, signer} = entry
  if (entry['version'] !== version) throw problem('has a different `version` inside')
  if (typeof integrity !== 'string' || parseIntegrity(integrity) === undefined) {
    throw problem('needs an `integrity` with exactly one sha256 digest')
  }
  if (typeof type !== 'string' || !/^[a-z][a-z0-9-]{0,63}$/.test(type)) throw problem('has an invalid `type`')
  if (!isJsonObject(dependencies)) throw problem('needs an object as `dependencies`')
  const ranges: Record<string, string> = {}
  for (const [needed, range] of Object.entries(dependencies)) {
    if (!isPackageName(needed)) throw problem('has a dependency with an invalid name')
    if (typeof range !== 'string' || !parseRange(range)) throw problem(`has an invalid range for ${needed}`)
    ranges[needed] = range
  }
  if (signer !== undefined && !(typeof signer === 'string' && isKeyId(signer))) throw problem('has an invalid `signer`')
  return {name, version, integrity, dependencies: ranges, type, ...(signer !== undefined && {signer})}
}

function oneVersionEach(entries: readonly LockedPackage[]): Pick<Lockfile, 'packages' | 'leftOver'> {
  const byName = new Map<string, LockedPackage[]>()
  for (const entry of entries) {
    const others = byName.get(entry.name)
    if (others) others.push(entry)
    else byName.set(entry.name, [entry])
  }
  const unambiguous = [...byName.values()].filter(({length}) => length === 1).flat()
  const packages = new Map<string, LockedPackage>()
  const leftOver: string[] = []
  for (const name of [...byName.keys()].sort()) {
    const versions = (byName.get(name) ?? []).sort((a, b) => compareVersions(b.version, a.version))
    const [only] = versions
    if (only && versions.length === 1) {
      packages.set(name, only)
      continue
    }
    const kept = versions.find((each) => unambiguous.every((dependent) => accepts(dependent, each))) ?? versions[0]
    if (kept) packages.set(name, kept)
    leftOver.push(...versions.filter((each) => each !== kept).map((each) => `${each.name}@${each.version}`))
  }
  return {packages, leftOver}
}

function accepts({dependencies}: LockedPackage, {name, version}: LockedPackage): boolean {
  const range = Object.hasOwn(dependencies, name) ? dependencies[name] : undefined
  return range === undefined || (parseRange(range)?.test(version) ?? false)
}
