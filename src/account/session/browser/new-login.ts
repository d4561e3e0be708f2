import {failure, Secret, type StoredLogin} from '@apkg/command-kit'
import type {ExpiringToken, SessionResponse} from '@apkg/wire/protocol'

export const loginPurpose = 'log in with a browser'

/** A login to store, and the user's tokens that expire. */
export interface NewLogin extends StoredLogin {
  expiring?: readonly ExpiringToken[] | undefined
}

/** @throws {ApkgError} `BAD_RESPONSE` without a username */
export function newLogin(session: SessionResponse, registry: string): NewLogin {
  const {accessToken, refreshToken, username, expiringTokens} = session
  if (!username) {
    throw failure('BAD_RESPONSE', {purpose: loginPurpose, registry, reason: 'the response contains no username'})
  }
  return {
    registry,
    accessToken: new Secret(accessToken),
    refreshToken: new Secret(refreshToken),
    username,
    expiring: expiringTokens,
  }
}
