import {createHash} from 'node:crypto'

import {formatIntegrity} from '@apkg/package-format'

import {failure} from '../../../src/catalog/failures.js'
import type {LockedPackage} from '../../../src/catalog/lockfile/lockfile.js'
import {packageChoices, type PackageChoices} from '../../../src/catalog/package-choices.js'

/** A version in a fake registry. */
export interface Version {
  needs?: Record<string, string>
  yanked?: boolean
}

export interface Package {
  versions: Record<string, Version>
  latest?: string
}

/** Packages by name. */
export type Packages = Record<string, Package>

export function integrityOf(name: string, version: string): string {
  return formatIntegrity(createHash('sha256').update(`${name}@${version}`).digest())
}

export function choicesOf(name: string, {versions, latest}: Package): PackageChoices {
  return packageChoices({
    name,
    distTags: latest === undefined ? {} : {latest},
    versions: Object.fromEntries(
      Object.entries(versions).map(([version, {needs = {}, yanked = false}]) => {
        const dist = {tarball: 'https://elsewhere.example/x', integrity: integrityOf(name, version)}
        return [version, {version, type: 'skill', dist, dependencies: needs, yanked}]
      }),
    ),
    maintainers: [{username: 'ada'}],
  })
}

/** A fake registry, and the names that were looked up. */
export function loaderOf(packages: Packages): {load: (name: string) => Promise<PackageChoices>; asked: string[]} {
  const asked: string[] = []
  const load = async (name: string) => {
    asked.push(name)
    const found = packages[name]
    if (!found) throw failure('PACKAGE_NOT_FOUND', {name, registry: 'https://r.example', reason: 'no such package'})
    return choicesOf(name, found)
  }
  return {load, asked}
}

export function locked(name: string, version: string, dependencies: Record<string, string> = {}): LockedPackage {
  return {name, version, integrity: integrityOf(name, version), dependencies, type: 'skill'}
}

export function lockOf(...packages: LockedPackage[]): Map<string, LockedPackage> {
  return new Map(packages.map((each) => [each.name, each]))
}

/** Packages that each require all others in a version different from their own. */
export function different(count: number, versions: number): Packages {
  const names = Object.keys(rootsOf(count))
  const needs = (name: string, version: number) =>
    Object.fromEntries(
      names.filter((each) => each !== name).map((each) => [each, `<${version}.0.0 || >${version}.0.0`]),
    )
  const numbers = Array.from({length: versions}, (_, index) => index + 1)
  return Object.fromEntries(
    names.map((name) => [
      name,
      {versions: Object.fromEntries(numbers.map((version) => [`${version}.0.0`, {needs: needs(name, version)}]))},
    ]),
  )
}

/** A range that every version is in, for each of the packages. */
export function rootsOf(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({length: count}, (_, index) => [`@a/n${index}`, '*']))
}
