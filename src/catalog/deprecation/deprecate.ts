import {failure, printable, type RegistryClient} from '@apkg/command-kit'
import {isVersion} from '@apkg/package-format'

import {parseSpec} from '../spec.js'

/** What shall be said of a package, or of one version of it. */
export interface Deprecation {
  name: string
  /** Null for the whole package. */
  version: string | null
  /** Why it should not be used; null takes that back. */
  deprecated: string | null
}

/**
 * Reads a deprecation from the arguments of a command.
 *
 * @param target `@scope/name` or `@scope/name@1.2.3`.
 * @throws {ApkgError} `USAGE` unless there is either a message or the wish to undo; `SPEC_INVALID`.
 */
export function deprecationOf(target: string, message: string | undefined, undo: boolean): Deprecation {
  const {name, wanted} = parseSpec(target)
  if (wanted !== undefined && !isVersion(wanted)) {
    const suggestions = [`give ${name}@1.2.3, or ${name} for all versions`]
    throw failure('USAGE', {message: `\`${printable(wanted)}\` is no version`, suggestions})
  }
  if (undo && message !== undefined) throw failure('USAGE', {message: '--undo takes no message'})
  const text = message?.trim() ?? ''
  if (!undo && text === '') {
    const suggestions = ['say what to use instead, as one argument', 'use --undo to remove a deprecation']
    throw failure('USAGE', {message: 'A deprecation message is required', suggestions})
  }
  return {name, version: wanted ?? null, deprecated: undo ? null : text}
}

/** Tells the registry. A package that is deprecated, or no longer, already stays so. */
export async function deprecate(client: RegistryClient, {name, version, deprecated}: Deprecation): Promise<void> {
  const body = {deprecated}
  if (version === null) await client.call('deprecatePackage', {params: {name}, body})
  else await client.call('deprecateVersion', {params: {name, version}, body})
}
