import type {User} from '../server/store/store.js'

/** A user as `--json` shows it. */
export interface UserSummary {
  name: string
  email: string
  createdAt: string
  disabled: boolean
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
