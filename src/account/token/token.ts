import {neverExpiresAt, splitPatterns, type Scope} from '@apkg/wire'
import type {CreatedTokenAnswer, TokenSummary} from '@apkg/wire/protocol'

/** A token as apkg shows it, in text and under `--json`. */
export interface Token {
  id: string
  label: string
  /** The first characters of its value; null where the registry does not say. */
  prefix: string | null
  scopes: string[]
  /** Package patterns; empty for every package. */
  packages: string[]
  /** RFC 3339. */
  createdAt: string
  /** RFC 3339; null for never. */
  lastUsedAt: string | null
  /** RFC 3339; null for never. */
  expiresAt: string | null
  /** RFC 3339; only of a token that the registry refuses until its operator resumes it. */
  suspendedAt?: string
}

/** What a new token shall be. */
export interface TokenRequest {
  label: string
  /** Whether a number may be added to the label where it is taken. */
  labelIsProposal: boolean
  scopes: readonly Scope[]
  packages: readonly string[]
  /** As `expiresIn` on the wire; undefined where the user did not say, which means never. */
  expiresIn: string | undefined
}

/** Reads a token from an answer of our registry or of another one that speaks the protocol. */
export function tokenFromWire(answer: TokenSummary | CreatedTokenAnswer): Token {
  const suspendedAt = 'suspendedAt' in answer ? answer.suspendedAt : undefined
  return {
    id: answer.id,
    label: answer.name,
    prefix: answer.prefix ?? null,
    scopes: answer.scopes,
    packages: answer.packagePatterns ?? splitPatterns(answer.packageScope ?? ''),
    createdAt: answer.createdAt,
    lastUsedAt: ('lastUsed' in answer ? answer.lastUsed : undefined) ?? null,
    expiresAt: expiryFromWire(answer),
    ...(suspendedAt && {suspendedAt}),
  }
}

/** Our own nullable field where it is there; else the string that stands for never is recognized. */
function expiryFromWire({expires, expiresIn, expiresAt}: TokenSummary | CreatedTokenAnswer): string | null {
  if (expires !== undefined) return expires
  return expiresIn === 'never' || Date.parse(expiresAt) >= Date.parse(neverExpiresAt) ? null : expiresAt
}
