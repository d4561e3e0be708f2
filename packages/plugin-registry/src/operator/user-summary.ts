import type {User} from '../server/store/store.js'

/** A user. */
export interface UserSummary {
  name: string
  email: string
  /** @format date-time */
  createdAt: string
  disabled: boolean
  /** Whether multi-factor authentication is enabled. */
  mfa: boolean
}

export function userSummary({name, email, createdAt, disabledAt, mfaEnabledAt}: User): UserSummary {
  return {
    name,
    email,
    createdAt: new Date(createdAt).toISOString(),
    disabled: disabledAt !== null,
    mfa: mfaEnabledAt !== null,
  }
}
