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
  /** Whether the user has the operator role. */
  operator: boolean
}

export function userSummary({name, email, createdAt, disabledAt, mfaEnabledAt, operatorSince}: User): UserSummary {
  return {
    name,
    email,
    createdAt: new Date(createdAt).toISOString(),
    disabled: disabledAt !== null,
    mfa: mfaEnabledAt !== null,
    operator: operatorSince !== null,
  }
}
