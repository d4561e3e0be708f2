import {
  expiryOf,
  formatLifetime,
  labelProblem,
  lifetimeForms,
  maxPatterns,
  parseLifetime,
  patternProblem,
  scopes,
} from '@apkg/wire'
import {Flags} from '@oclif/core'

import {failure} from '../../account/failures.js'

/** The flags that describe a new token. Each checks its value, so that nothing is created on a wrong one. */
export const tokenFlags = {
  label: Flags.string({
    summary: 'A name to recognize the token by (also --name).',
    description: 'Left out, the token is named after you, this machine and the day.',
    helpValue: '<name>',
    aliases: ['name'],
    parse: (text) => Promise.resolve(checkedLabel(text)),
  }),
  expires: Flags.string({
    summary: 'When the token stops working (also --expires-in).',
    description: `One of ${lifetimeForms}. Left out, it does not expire.`,
    helpValue: '<when>',
    aliases: ['expires-in'],
    parse: (text) => Promise.resolve(checkedLifetime(text)),
  }),
  scopes: Flags.option({
    summary: 'What the token may do: repeat the flag, or separate with commas.',
    description: 'Left out, it may read and publish.',
    helpValue: '<scope>',
    options: scopes,
    multiple: true,
    multipleNonGreedy: true,
    delimiter: ',',
  })(),
  'package-scope': Flags.string({
    summary: 'Packages that the token is for: a name, `@scope/*`, or a name with a trailing `*`. Repeatable.',
    description: 'Left out, it is for every package that you may touch.',
    helpValue: '<pattern>',
    multiple: true,
    multipleNonGreedy: true,
    delimiter: ',',
    parse: (text) => Promise.resolve(checkedPattern(text)),
  }),
}

function checkedLabel(text: string): string {
  const reason = labelProblem(text)
  if (reason !== undefined) throw failure('LABEL_INVALID', {reason})
  return text
}

/** What a prompt says to a label that was typed. */
export function checkLabelAnswer(text: string): true | string {
  const reason = labelProblem(text)
  return reason === undefined || `The label ${reason}.`
}

/** The lifetime as the wire spells it. */
function checkedLifetime(text: string): string {
  const lifetime = parseLifetime(text)
  if (!lifetime) throw failure('USAGE', {message: `\`${text}\` is not a lifetime; use ${lifetimeForms}`})
  return formatLifetime(lifetime)
}

function checkedPattern(text: string): string {
  const reason = patternProblem(text)
  if (reason !== undefined) throw failure('USAGE', {message: `\`${text}\` ${reason}`})
  return text
}

/**
 * Checks what no flag can check alone.
 *
 * @throws {ApkgError} `USAGE` for a time in the past, and for more patterns than a token may have.
 */
export function checkTokenFlags({expires, 'package-scope': patterns = []}: TokenFlags, now: Date): void {
  const lifetime = expires === undefined ? undefined : parseLifetime(expires)
  const expiry = lifetime && expiryOf(lifetime, now)
  if (expiry && expiry <= now) throw failure('USAGE', {message: `--expires: ${expiry.toISOString()} is in the past`})
  if (patterns.length > maxPatterns) {
    throw failure('USAGE', {message: `A token takes at most ${maxPatterns} package patterns`})
  }
}

interface TokenFlags {
  expires?: string | undefined
  'package-scope'?: string[] | undefined
}
