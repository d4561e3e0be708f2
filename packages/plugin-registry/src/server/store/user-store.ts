import type {Actor} from './actor.js'

export interface User {
  id: string
  name: string
  email: string
  createdAt: number
  disabledAt: number | null
  mfaEnabledAt: number | null
  /** When the user became an operator. Null if the user isn't one. */
  operatorSince: number | null
}

/** Which part of a list by name to read. By default, all of it. */
export interface NamePage {
  /** Lists only names after this one. */
  after?: string | undefined
  limit?: number | undefined
}

export interface UserStore {
  /** @returns `taken` if the name is in use, or was used before */
  add(
    user: {id: string; name: string; email: string; passwordHash: string},
    by: Actor,
    now: number,
  ): Promise<'added' | 'taken'>
  /** Lists users by name, except those that were removed. */
  list(page?: NamePage): Promise<User[]>
  find(name: string): Promise<(User & {passwordHash: string}) | undefined>
  /** Sets the password and revokes the user's sessions. Tokens stay valid. */
  setPassword(id: string, passwordHash: string, by: Actor, now: number): Promise<void>
  setDisabled(id: string, disabled: boolean, by: Actor, now: number): Promise<void>
  /** Grants or revokes a user's operator role. */
  setOperator(id: string, isOperator: boolean, by: Actor, now: number): Promise<'changed' | 'unchanged'>
  /**
   * Revokes all credentials, removes all roles and memberships, and deletes personal data. The name can't be reused.
   */
  remove(id: string, by: Actor, now: number): Promise<void>
  /** Enrolls a user in MFA. Replaces any earlier enrollment and its recovery codes. */
  enrollMfa(
    id: string,
    enrollment: {totpSecret: string; recoveryHashes: Uint8Array[]},
    by: Actor,
    now: number,
  ): Promise<void>
  revokeAll(id: string, by: Actor, now: number): Promise<{sessions: number; tokens: number}>
}
