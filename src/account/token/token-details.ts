import type {TokenDetails as DetailedResponse} from '@apkg/wire/protocol'

import {tokenFromWire, useFromWire, type Token, type TokenUse} from './token.js'

/** An API token with the details of its values. */
export interface TokenDetails extends Token {
  /** 1 for the first value of the token, and 1 more with each rotation; null if the registry doesn't report it. */
  generation: number | null
  /** The value that the last rotation replaced; null if the token was never rotated. */
  oldValue: OldTokenValue | null
}

/** A value of a token that a rotation replaced. */
export interface OldTokenValue {
  /** Its first few characters. */
  prefix: string
  /**
   * When it stops working, or stopped; null until the new value is used.
   *
   * @format date-time
   */
  endsAt: string | null
  /**
   * When it was last used, accurate to the minute; null if it has never been used.
   *
   * @format date-time
   */
  lastUsedAt: string | null
  /** What it was last used for; null if it has never been used. */
  lastUse: TokenUse | null
}

/** Converts a token from the response of any registry that speaks the protocol. */
export function tokenDetailsFromWire(response: DetailedResponse, now: Date): TokenDetails {
  const {generation = null, oldValue = null} = response
  const old = oldValue && {
    prefix: oldValue.prefix,
    endsAt: oldValue.endsAt ?? null,
    lastUsedAt: oldValue.lastUsed ?? null,
    lastUse: useFromWire(oldValue),
  }
  return {...tokenFromWire(response, now), generation, oldValue: old}
}
