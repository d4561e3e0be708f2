import {isPackageName, isVersion, parseIntegrity, parseJson} from '@apkg/package-format'
import {isKeyId} from '@apkg/package-format/signing'
import compareBuild from 'semver/functions/compare-build.js'

import {parseRange} from '../range.js'
import type {LockedPackage, Lockfile} from './lockfile.js'

/** Why a text is no lockfile, completing "the lockfile is damaged: …". It may quote the file. */
export class LockfileProblem extends Error {
  override readonly name: string = 'LockfileProblem'
}

/** A lockfile of a format that is not known. */
export class LockfileVersionProblem extends LockfileProblem {
  override readonly name = 'LockfileVersionProblem'

  constructor(readonly version: string) {
    super(`its lockfileVersion is ${version}`)
  }
}

/**
 * Reads a lockfile. Names and versions in it become folders and addresses, so nothing is let through that is not exactly
 * in the format. Fields that apkg does not use are not looked at: `resolved` above all, which is never followed.
 *
 * The original client leaves former versions of a package in the file. The highest one is kept that fits the packages
 * beside it, or else the highest: where that is wrong, it does not fit and is resolved anew.
 *
 * @throws LockfileProblem.
 */
export function parseLockfile(text: string): Lockfile {
  const value = readJson(text)
  if (!isObject(value)) throw new LockfileProblem('it is not a JSON object')
  const {lockfileVersion, registry, packages} = value as {[field: string]: unknown; packages?: unknown}
  if (lockfileVersion === undefined) throw new LockfileProblem('it has no `lockfileVersion`')
  if (lockfileVersion !== 1) throw new LockfileVersionProblem(JSON.stringify(lockfileVersion).slice(0, 100))
  if (registry !== undefined && typeof registry !== 'string') throw new LockfileProblem('its `registry` is not a text')
  if (!isObject(packages)) throw new LockfileProblem('its `packages` are not an object')
  const entries = Object.entries(packages).map(([key, entry]) => parseEntry(key, entry))
  return {registry, ...oneVersionEach(entries)}
}

type Fields = Record<string, unknown>

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function readJson(text: string): unknown {
  let value: unknown
  try {
    value = parseJson(text)
  } catch {
    throw new LockfileProblem(text.trim() === '' ? 'it is empty' : 'it is not JSON')
  }
  // A reader sees the first of two fields with one name, a parser takes the last.
  if (fieldsIn(text) !== fieldsOf(value)) throw new LockfileProblem('a field in it stands there twice')
  return value
}

/** How many fields a JSON text has. */
function fieldsIn(text: string): number {
  const withoutEscapes = text.replaceAll(/\\./g, '')
  return (withoutEscapes.match(/"[^"]*"\s*:?/g) ?? []).filter((each) => each.endsWith(':')).length
}

function fieldsOf(root: unknown): number {
  let count = 0
  const pending = [root]
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    if (typeof value !== 'object' || value === null) continue
    if (!Array.isArray(value)) count += Object.keys(value).length
    for (const each of Object.values(value)) pending.push(each)
  }
  return count
}

function parseEntry(key: string, entry: unknown): LockedPackage {
  const at = key.lastIndexOf('@')
  const name = key.slice(0, Math.max(at, 0))
  const version = key.slice(at + 1)
  const problem = (what: string) => new LockfileProblem(`the entry \`${key.slice(0, 300)}\` ${what}`)
  if (!isPackageName(name) || !isVersion(version)) throw problem('is not `@scope/name@version`')
  if (!isObject(entry)) throw problem('is not an object')
  const {integrity, type, dependencies, signer} = entry
  if (entry['version'] !== version) throw problem('has another version inside')
  if (typeof integrity !== 'string' || parseIntegrity(integrity) === undefined) {
    throw problem('has no `integrity` of exactly one sha256')
  }
  if (typeof type !== 'string' || !/^[a-z][a-z0-9-]{0,63}$/.test(type)) throw problem('has no usable `type`')
  if (!isObject(dependencies)) throw problem('has no object of `dependencies`')
  const ranges: Record<string, string> = {}
  for (const [needed, range] of Object.entries(dependencies)) {
    if (!isPackageName(needed)) throw problem('depends on what is no name of a package')
    if (typeof range !== 'string' || !parseRange(range)) throw problem(`needs ${needed} in what is no range`)
    ranges[needed] = range
  }
  if (signer !== undefined && !(typeof signer === 'string' && isKeyId(signer))) throw problem('has no usable `signer`')
  return {name, version, integrity, dependencies: ranges, type, ...(signer !== undefined && {signer})}
}

function oneVersionEach(entries: readonly LockedPackage[]): Pick<Lockfile, 'packages' | 'leftOver'> {
  const byName = new Map<string, LockedPackage[]>()
  for (const entry of entries) byName.set(entry.name, [...(byName.get(entry.name) ?? []), entry])
  const certain = [...byName.values()].filter(({length}) => length === 1).flat()
  const packages = new Map<string, LockedPackage>()
  const leftOver: string[] = []
  for (const name of [...byName.keys()].sort()) {
    const versions = (byName.get(name) ?? []).sort((a, b) => compareBuild(b.version, a.version))
    const kept = versions.find((each) => certain.every((other) => fits(other, each))) ?? versions[0]
    if (kept) packages.set(name, kept)
    leftOver.push(...versions.filter((each) => each !== kept).map((each) => `${each.name}@${each.version}`))
  }
  return {packages, leftOver}
}

function fits({dependencies}: LockedPackage, {name, version}: LockedPackage): boolean {
  const range = Object.hasOwn(dependencies, name) ? dependencies[name] : undefined
  return range === undefined || (parseRange(range)?.test(version) ?? false)
}
