import {createRecoveryCodes, hashRecoveryCode} from '../server/auth/recovery-codes.js'
import {operator, type RegistryStore, type User} from '../server/store/store.js'
import {createTotpSecret, totpUrl} from '../server/auth/totp.js'
import {operatorFailure} from './failures.js'

/** Shown once, and never again. */
export interface MfaEnrolment {
  name: string
  /** Base32, for an authenticator app that cannot read a QR code. */
  secret: string
  url: string
  recoveryCodes: string[]
}

/** @throws {ApkgError} `USER_HAS_MFA` where the user has it and it is not to be replaced. */
export async function enrolMfa(
  store: RegistryStore,
  user: User,
  {reset, now}: {reset: boolean; now: Date},
): Promise<MfaEnrolment> {
  const {id, name} = user
  if (user.mfaEnabledAt !== null && !reset) throw operatorFailure('USER_HAS_MFA', {name})
  const secret = createTotpSecret()
  const recoveryCodes = createRecoveryCodes()
  const enrolment = {totpSecret: secret, recoveryHashes: recoveryCodes.map(hashRecoveryCode)}
  await store.users.enrolMfa(id, enrolment, operator, now.getTime())
  return {name, secret, url: totpUrl(secret, name, 'apkg'), recoveryCodes}
}
