import {failure, printable, type RegistryClient} from '@apkg/command-kit'
import {isVersion} from '@apkg/package-format'

import {parseSpec} from '../spec.js'

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
 * @throws {ApkgError} `USAGE` unless exactly one of `message` and `undo` is given; `SPEC_INVALID`.
 */
export function parseDeprecation(target: string, message: string | undefined, undo: boolean): Deprecation {
  const {name, wanted} = parseSpec(target)
  if (wanted !== undefined && !isVersion(wanted)) {
    const suggestions = [`use ${name}@1.2.3, or ${name} for all versions`]
    throw failure('USAGE', {message: `\`${printable(wanted)}\` is not an exact version`, suggestions})
  }
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
  return {name, version: wanted ?? null, deprecated: undo ? null : text}
}

/** Idempotent: repeating a deprecation, or its removal, changes nothing. */
export async function deprecate(client: RegistryClient, {name, version, deprecated}: Deprecation): Promise<void> {
  const body = {deprecated}
  if (version === null) await client.call('deprecatePackage', {params: {name}, body})
  else await client.call('deprecateVersion', {params: {name, version}, body})
}
