import {Refusal} from '../http/refusal.js'
import type {SessionCredential} from '../store/store.js'

/** @returns STEP_UP_REQUIRED if the login is older than the policy allows and wasn't confirmed since */
export function refuseOldLogin(
  {authenticatedAt, policy: {confirmAfter}, owner}: SessionCredential,
  now: number,
): Refusal | undefined {
  // The clock may have been set back, so a login in the future doesn't count as recent.
  if (confirmAfter === 0 || Math.abs(now - authenticatedAt) <= confirmAfter) return undefined
  const [count, unit] =
    confirmAfter % 60_000 === 0 ? [confirmAfter / 60_000, 'minute'] : [confirmAfter / 1000, 'second']
  return new Refusal('STEP_UP_REQUIRED', {
    message: `Your last login is more than ${count} ${unit}${count === 1 ? '' : 's'} ago. Confirm your password, or log in again if your client can't do that`,
    details: [
      {field: 'password', message: 'is required'},
      ...(owner.mfaEnabled ? [{field: 'code', message: 'is required'}] : []),
    ],
    headers: {
      'www-authenticate': `Bearer realm="apkg", error="insufficient_user_authentication", error_description="The login is too old", max_age=${Math.ceil(confirmAfter / 1000)}`,
    },
  })
}
