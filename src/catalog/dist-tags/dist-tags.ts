import {failure, printable, type RegistryClient} from '@apkg/command-kit'
import {distTagProblem, isVersion} from '@apkg/package-format'

import {parseSpec} from '../spec.js'

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
 * @throws {ApkgError} `USAGE` for a missing or invalid version, or an invalid tag; `SPEC_INVALID`.
 */
export function parseDistTag(target: string, tag: string): DistTag {
  const {name, wanted} = parseSpec(target)
  if (wanted === undefined || !isVersion(wanted)) {
    const message = wanted === undefined ? 'Version is required' : `\`${printable(wanted)}\` is not an exact version`
    throw failure('USAGE', {message, suggestions: [`use ${name}@1.2.3`]})
  }
  const problem = distTagProblem(tag)
  if (problem !== undefined) {
    const message = `The dist-tag "${printable(tag)}" ${problem}`
    throw failure('USAGE', {message, suggestions: ['use a name such as `next`']})
  }
  return {name, version: wanted, tag}
}

/** Adds the tag, or moves it from another version. */
export async function setDistTag(client: RegistryClient, {name, tag, version}: DistTag): Promise<void> {
  await client.call('setDistTag', {params: {name, tag}, body: {version}})
}

export async function removeDistTag(client: RegistryClient, params: {name: string; tag: string}): Promise<void> {
  await client.call('removeDistTag', {params})
}

/**
 * Parses a package name that must not have a version.
 *
 * @throws {ApkgError} `USAGE` if it has a version; `SPEC_INVALID`.
 */
export function parseBareName(text: string): string {
  const {name, wanted} = parseSpec(text)
  if (wanted !== undefined) {
    const message = `Expected a package name without a version, got \`${printable(text)}\``
    throw failure('USAGE', {message, suggestions: [`use ${name}`]})
  }
  return name
}
