import {printable} from '@apkg/command-kit'
import {isPackageName, isVersion} from '@apkg/package-format'

import {operator, type RegistryStore} from '../server/store/store.js'
import {failure} from './failures.js'

/** The version that was taken down. */
export interface TakeDownSummary {
  /** The package's name. */
  package: string
  version: string
  /** The reason shown to users. If the version was already taken down, the original reason. */
  reason: string
  /** Whether the version was already taken down. */
  wasDown: boolean
  /** Versions that differ only in build metadata, and were taken down too. Absent if there are none. */
  sameVersions?: string[]
  tags: TagChanges
}

/** Changes to the dist-tags that pointed to the version. */
export interface TagChanges {
  /** Dist-tags that now point to another version. */
  moved: MovedTag[]
  /** Dist-tags that were removed. */
  removed: string[]
}

/** A dist-tag that now points to another version. */
export interface MovedTag {
  tag: string
  /** The version that the dist-tag points to now. */
  version: string
}

/** In characters. */
const maxReasonLength = 1024

/** Parses `@acme/tool@1.0.0`. @throws {ApkgError} `USAGE` */
export function parsePackageVersion(text: string): {name: string; version: string} {
  const at = text.lastIndexOf('@')
  const name = text.slice(0, Math.max(at, 0))
  const version = text.slice(at + 1)
  if (isPackageName(name) && isVersion(version)) return {name, version}
  throw failure('USAGE', {
    message: `\`${text}\` is not a package version`,
    suggestions: ['use a name with a version, such as @acme/tool@1.0.0'],
  })
}

/** @throws {ApkgError} `USAGE` unless the text is one printable line */
export function parseReason(text: string): string {
  const reason = text.trim()
  if (reason !== '' && reason.length <= maxReasonLength && printable(reason) === reason) return reason
  throw failure('USAGE', {message: `The reason must be one line of 1 to ${maxReasonLength} characters`})
}

/** Whether a version exists and was not taken down before. */
export async function canTakeDown(store: RegistryStore, version: {name: string; version: string}): Promise<boolean> {
  const [status] = await store.packages.statuses([version], undefined)
  return status !== undefined && !status.takenDown
}

/** @throws {ApkgError} `REGISTRY_PACKAGE_NOT_FOUND`, `REGISTRY_VERSION_NOT_FOUND` */
export async function takeDown(
  store: RegistryStore,
  {name, version, reason}: {name: string; version: string; reason: string},
  now: Date,
): Promise<TakeDownSummary> {
  const result = await store.packages.takeDown({name, version, reason}, operator, now.getTime())
  switch (result.outcome) {
    case 'package-unknown':
      throw failure('REGISTRY_PACKAGE_NOT_FOUND', {name})
    case 'version-unknown':
      throw failure('REGISTRY_VERSION_NOT_FOUND', {name, version})
    case 'taken-down-before':
      return {package: name, version, reason: result.reason, wasDown: true, tags: {moved: [], removed: []}}
    case 'taken-down': {
      const {same, moved, removed} = result
      const sameVersions = same.length > 0 && {sameVersions: same}
      return {package: name, version, reason, wasDown: false, ...sameVersions, tags: {moved, removed}}
    }
  }
}
