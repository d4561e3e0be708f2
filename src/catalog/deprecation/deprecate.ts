import {failure, printable, type RegistryClient} from '@apkg/command-kit'
import {isVersion} from '@apkg/package-format'

import {assertPackageName, splitSpec} from '../spec.js'

/** A deprecation of a package or of one version. */
export interface Deprecation {
  name: string
  /** Null if all versions are deprecated. */
  version: string | null
  /** The deprecation message; null after `--undo`. */
  deprecated: string | null
}

/**
 * Parses the arguments of `apkg deprecate`.
 *
 * @param target `@scope/name` or `@scope/name@1.2.3`.
 * @throws {ApkgError} `USAGE` unless exactly one of `message` and `undo` is given, or for a version that isn't exact.
 */
export function parseDeprecation(target: string, message: string | undefined, undo: boolean): Deprecation {
  if (undo && message !== undefined) {
    throw failure('USAGE', {
      message: '--undo cannot be used with a message',
      suggestions: ['remove the message or --undo'],
    })
  }
  const text = message?.trim() ?? ''
  if (!undo && text === '') {
    const suggestions = ['say what to use instead, in quotes', 'use --undo to remove a deprecation']
    throw failure('USAGE', {message: 'A deprecation message is required', suggestions})
  }
  const {name, wanted} = splitSpec(target)
  if (wanted !== undefined && !isVersion(wanted)) {
    const suggestions = [`use ${printable(name)}@1.2.3, or ${printable(name)} for all versions`]
    throw failure('USAGE', {message: `\`${printable(wanted)}\` is not an exact version`, suggestions})
  }
  return {name, version: wanted ?? null, deprecated: undo ? null : text}
}

/**
 * Idempotent: repeating a deprecation, or its removal, changes nothing.
 *
 * @throws {ApkgError} `SPEC_INVALID`; the errors of the client.
 */
export async function deprecate(client: RegistryClient, {name, version, deprecated}: Deprecation): Promise<void> {
  assertPackageName(name)
  const body = {deprecated}
  if (version === null) await client.call('deprecatePackage', {params: {name}, body})
  else await client.call('deprecateVersion', {params: {name, version}, body})
}
