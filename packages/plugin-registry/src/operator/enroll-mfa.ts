import {type MfaEnrollment, newMfaEnrollment} from '../server/auth/mfa-enrollment.js'
import {operator, type RegistryStore, type User} from '../server/store/store.js'
import {failure} from './failures.js'

export type {MfaEnrollment} from '../server/auth/mfa-enrollment.js'

/** @throws {ApkgError} `USER_HAS_MFA` unless `reset` is set */
export async function enrollMfa(
  store: RegistryStore,
  user: User,
  {reset, now}: {reset: boolean; now: Date},
): Promise<MfaEnrollment> {
  const {id, name} = user
  if (user.mfaEnabledAt !== null && !reset) throw failure('USER_HAS_MFA', {name})
  const {stored, shown} = newMfaEnrollment(name)
  await store.users.enrollMfa(id, stored, operator, now.getTime())
  return shown
}
