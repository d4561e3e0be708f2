import {failure, isApkgError, printable, type RegistryClient} from '@apkg/command-kit'
import {isVersion} from '@apkg/package-format'

import {newestVersion, packageChoices} from '../package-choices.js'
import {assertPackageName, splitSpec} from '../spec.js'

/** A version, and whether to yank it or undo that. */
export interface VersionYank {
  name: string
  version: string
  /** Whether the version is yanked; false after `--undo`. */
  yanked: boolean
}

/**
 * Parses the arguments of `apkg yank`.
 *
 * @param target `@scope/name@1.2.3`.
 * @throws {ApkgError} `USAGE` without an exact version.
 */
export function parseYank(target: string, undo: boolean): VersionYank {
  const {name, wanted} = splitSpec(target)
  if (wanted !== undefined && isVersion(wanted)) return {name, version: wanted, yanked: !undo}
  const message = wanted === undefined ? 'Version is required' : `\`${printable(wanted)}\` is not an exact version`
  throw failure('USAGE', {
    message,
    suggestions: [`use ${printable(name)}@1.2.3`, `run \`apkg info ${printable(name)}\` to list its versions`],
  })
}

/** What is installed of a package now, by default. */
export interface NewestVersion {
  /** Null if all versions are yanked. */
  version: string | null
  /** The version that the dist-tag `latest` points to; null if there is none. */
  latest: string | null
}

/** Undefined if the registry doesn't say. The version is yanked by then, so errors don't matter. */
export async function newestOf(client: RegistryClient, name: string): Promise<NewestVersion | undefined> {
  try {
    const choices = packageChoices(await client.call('getPackage', {params: {name}}))
    const latest = Object.hasOwn(choices.distTags, 'latest') ? choices.distTags['latest'] : undefined
    return {version: newestVersion(choices)?.version ?? null, latest: latest ?? null}
  } catch (error) {
    if (!isApkgError(error) || error.code === 'INTERRUPTED') throw error
    return undefined
  }
}

/** Idempotent. @throws {ApkgError} `SPEC_INVALID`; the errors of the client. */
export async function yank(client: RegistryClient, {name, version, yanked}: VersionYank): Promise<void> {
  assertPackageName(name)
  await client.call('yankVersion', {params: {name, version}, body: {yanked}})
}
