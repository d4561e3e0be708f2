import {createRecoveryCodes, hashRecoveryCode} from '../server/auth/recovery-codes.js'
import {createTotpSecret, totpUrl} from '../server/auth/totp.js'
import {operator, type RegistryStore, type User} from '../server/store/store.js'
import {failure} from './failures.js'

/** The secret and recovery codes of the user. They are shown only once. */
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

/** @throws {ApkgError} `USER_HAS_MFA` unless `reset` is set */
export async function enrollMfa(
  store: RegistryStore,
  user: User,
  {reset, now}: {reset: boolean; now: Date},
): Promise<MfaEnrollment> {
  const {id, name} = user
  if (user.mfaEnabledAt !== null && !reset) throw failure('USER_HAS_MFA', {name})
  const secret = createTotpSecret()
  const recoveryCodes = createRecoveryCodes()
  const enrollment = {totpSecret: secret, recoveryHashes: recoveryCodes.map(hashRecoveryCode)}
  await store.users.enrollMfa(id, enrollment, operator, now.getTime())
  return {name, secret, url: totpUrl(secret, name, 'apkg'), recoveryCodes}
}
