import {fromNow, printable} from '@apkg/command-kit'

import type {ExpiringToken} from '../../account/session/expiring-tokens.js'

/** Warns an owner of tokens that expire soon. @returns no text or one. */
export function expiringTokenWarnings(tokens: readonly ExpiringToken[], registry: string, now: Date): string[] {
  const [only] = tokens
  if (!only) return []
  const replace = `apkg token rotate --registry ${registry}`
  if (tokens.length === 1) {
    return [
      `Your API token ${named(only)} expires ${fromNow(only.expiresAt, now)}. To replace it, run \`${replace} ${printable(only.id)}\`.`,
    ]
  }
  const list = tokens.map((token) => `${named(token)} ${fromNow(token.expiresAt, now)}`).join(', ')
  return [
    `${tokens.length} of your API tokens expire soon: ${list}. To replace them, run \`${replace}\` with each label.`,
  ]
}

function named({label}: ExpiringToken): string {
  return printable(`"${label}"`)
}
