import {createRecoveryCodes, hashRecoveryCode} from './recovery-codes.js'
import {createTotpSecret, totpUrl} from './totp.js'

/** The secret and recovery codes of a user. They are shown only once. */
export interface MfaEnrollment {
  /** Username. */
  name: string
  /** The TOTP secret in Base32, for authenticator apps that can't scan the QR code. */
  secret: string
  /** The `otpauth:` URL in the QR code. */
  url: string
  /** Each code works once. */
  recoveryCodes: string[]
}

/** Creates a secret and recovery codes, as the user gets them and as they are stored. */
export function newMfaEnrollment(name: string): {
  stored: {totpSecret: string; recoveryHashes: Uint8Array[]}
  shown: MfaEnrollment
} {
  const secret = createTotpSecret()
  const recoveryCodes = createRecoveryCodes()
  return {
    stored: {totpSecret: secret, recoveryHashes: recoveryCodes.map(hashRecoveryCode)},
    shown: {name, secret, url: totpUrl(secret, name, 'apkg'), recoveryCodes},
  }
}
