import type {Actor} from './actor.js'

/**
 * What happens to a user: all credentials are revoked, the user is disabled or removed, or leaves an organization.
 */
export type Departure =
  {kind: 'revoke-all' | 'disable' | 'remove'; userId: string} | {kind: 'leave'; userId: string; organizationId: string}

/** Access that a user created, and that stays valid without the user. */
export interface CreatedAccess {
  tokens: CreatedToken[]
  publishers: CreatedPublisher[]
}

/** A token of an organization. */
export interface CreatedToken {
  id: string
  label: string
  organization: string
  /** Whether the organization had already suspended it. */
  isSuspended: boolean
}

/** A trusted publisher. */
export interface CreatedPublisher {
  id: string
  /** The provider and the project, such as `github:acme/tool`. */
  name: string
  package: string
  isSuspended: boolean
}

/** How many credentials are revoked, and the access that the user created, in its earlier state. */
export interface DepartureResult {
  sessions: number
  tokens: number
  created: CreatedAccess
  /** Whether nothing was changed because the user isn't a member of the organization. */
  isAbsent: boolean
}

export interface DepartureStore {
  /**
   * Returns what a departure would revoke and suspend. The created access consists of tokens of organizations and of
   * trusted publishers of organizations. For `revoke-all`, it includes publishers of the user's own scope; for `leave`, it
   * is only that of the organization.
   */
  preview(departure: Departure, now: number): Promise<DepartureResult>
  /**
   * Makes the change.
   *
   * @param suspension why the created access is suspended, in the same transaction. Null: it isn't.
   */
  depart(departure: Departure, suspension: {reason: string} | null, by: Actor, now: number): Promise<DepartureResult>
}
