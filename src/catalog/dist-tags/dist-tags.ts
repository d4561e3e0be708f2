import {failure, printable, type RegistryClient} from '@apkg/command-kit'
import {distTagProblem, isVersion} from '@apkg/package-format'

import {assertPackageName, splitSpec} from '../spec.js'

/** A dist-tag and the version that it points to. */
export interface DistTag {
  name: string
  version: string
  tag: string
}

/**
 * Parses the arguments of `apkg dist-tag add`.
 *
 * @param target `@scope/name@1.2.3`.
 * @throws {ApkgError} `USAGE` for a missing or invalid version, or an invalid tag.
 */
export function parseDistTag(target: string, tag: string): DistTag {
  const {name, wanted} = splitSpec(target)
  if (wanted === undefined || !isVersion(wanted)) {
    const message = wanted === undefined ? 'Version is required' : `\`${printable(wanted)}\` is not an exact version`
    throw failure('USAGE', {message, suggestions: [`use ${printable(name)}@1.2.3`]})
  }
  const problem = distTagProblem(tag)
  if (problem !== undefined) {
    const message = `The dist-tag "${printable(tag)}" ${problem}`
    throw failure('USAGE', {message, suggestions: ['use a name such as `next`']})
  }
  return {name, version: wanted, tag}
}

/** Adds the tag, or moves it from another version. @throws {ApkgError} `SPEC_INVALID`; the errors of the client. */
export async function setDistTag(client: RegistryClient, {name, tag, version}: DistTag): Promise<void> {
  assertPackageName(name)
  await client.call('setDistTag', {params: {name, tag}, body: {version}})
}

/** @throws {ApkgError} `SPEC_INVALID`; the errors of the client. */
export async function removeDistTag(client: RegistryClient, params: {name: string; tag: string}): Promise<void> {
  assertPackageName(params.name)
  await client.call('removeDistTag', {params})
}

/**
 * Reads a package name that must not have a version. The name is not checked.
 *
 * @throws {ApkgError} `USAGE` if it has a version.
 */
export function parseBareName(text: string): string {
  const {name, wanted} = splitSpec(text)
  if (wanted !== undefined) {
    const message = `Expected a package name without a version, got \`${printable(text)}\``
    throw failure('USAGE', {message, suggestions: [`use ${printable(name)}`]})
  }
  return name
}
