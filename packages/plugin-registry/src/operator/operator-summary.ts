import type {User} from '../server/store/store.js'

/** A user with the operator role. */
export interface OperatorSummary {
  /** Username. */
  name: string
  /** Whether the user is disabled, and can't use the role. */
  disabled: boolean
  /**
   * When the user became an operator.
   *
   * @format date-time
   */
  since: string
}

/** The operators among users, in the same order. */
export function operatorSummaries(users: readonly User[]): OperatorSummary[] {
  return users.flatMap(({name, disabledAt, operatorSince}) =>
    operatorSince === null ? [] : [{name, disabled: disabledAt !== null, since: new Date(operatorSince).toISOString()}],
  )
}
