import {failure, printable, type RegistryClient} from '@apkg/command-kit'
import {distTagProblem, isVersion} from '@apkg/package-format'

import {parseSpec} from '../spec.js'

export interface DistTag {
  name: string
  version: string
  tag: string
}

/**
 * Reads a dist-tag from the arguments of a command.
 *
 * @param target `@scope/name@1.2.3`.
 * @throws {ApkgError} `USAGE` for what is no version or no tag; `SPEC_INVALID`.
 */
export function distTagOf(target: string, tag: string): DistTag {
  const {name, wanted} = parseSpec(target)
  if (wanted === undefined || !isVersion(wanted)) {
    const message = wanted === undefined ? 'A version is required' : `\`${printable(wanted)}\` is no version`
    throw failure('USAGE', {message, suggestions: [`give ${name}@1.2.3`]})
  }
  const problem = distTagProblem(tag)
  if (problem !== undefined) throw failure('USAGE', {message: `The dist-tag \`${printable(tag)}\` ${problem}`})
  return {name, version: wanted, tag}
}

/** Makes a tag stand for a version, whatever it stood for before. */
export async function setDistTag(client: RegistryClient, {name, tag, version}: DistTag): Promise<void> {
  await client.call('setDistTag', {params: {name, tag}, body: {version}})
}

export async function removeDistTag(client: RegistryClient, params: {name: string; tag: string}): Promise<void> {
  await client.call('removeDistTag', {params})
}

/**
 * The name of a package, where nothing but that is meant.
 *
 * @throws {ApkgError} `USAGE` where a version is named too; `SPEC_INVALID`.
 */
export function bareName(text: string): string {
  const {name, wanted} = parseSpec(text)
  if (wanted !== undefined) throw failure('USAGE', {message: 'No version belongs here', suggestions: [`give ${name}`]})
  return name
}
