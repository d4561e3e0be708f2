import {printable} from '@apkg/command-kit'

import type {Revocation} from '../token/revoke-tokens.js'
import type {Token} from '../token/token.js'

/** What became of each token, a line each. */
export function revocationLines(revocations: readonly Revocation[]): string {
  if (revocations.length === 0) return 'Nothing was revoked.'
  return revocations
    .map(({label, id, reason}) => {
      const name = `${printable(label)} (${printable(id)})`
      return reason === undefined ? `Revoked API token: ${name}` : `Not revoked: ${name}: ${printable(reason)}`
    })
    .join('\n')
}

/** The tokens as a person chooses among them. */
export function tokenChoices(tokens: readonly Token[]): {name: string; value: Token}[] {
  return tokens.map((token) => {
    const {label, id, prefix, createdAt} = token
    return {name: printable(`${label}  ${id}  ${prefix ?? ''}  created ${createdAt.slice(0, 10)}`), value: token}
  })
}
