import type {Actor} from './actor.js'

export interface User {
  id: string
  name: string
  email: string
  createdAt: number
  disabledAt: number | null
  mfaEnabledAt: number | null
  /** Null: not an operator. */
  operatorSince: number | null
}

export interface UserStore {
  /** `taken`: the name is in use, or was once. */
  add(
    user: {id: string; name: string; email: string; passwordHash: string},
    by: Actor,
    now: number,
  ): Promise<'added' | 'taken'>
  /** Users that were not removed, by name. */
  list(): Promise<User[]>
  find(name: string): Promise<(User & {passwordHash: string}) | undefined>
  /** Also revokes the user's sessions; tokens stay valid. */
  setPassword(id: string, passwordHash: string, by: Actor, now: number): Promise<void>
  setDisabled(id: string, disabled: boolean, by: Actor, now: number): Promise<void>
  /** Gives a user the role of an operator, or takes it away. */
  setOperator(id: string, isOperator: boolean, by: Actor, now: number): Promise<'changed' | 'unchanged'>
  /** Revokes every credential, ends every role and membership and erases personal data. The name stays taken. */
  remove(id: string, by: Actor, now: number): Promise<void>
  /** Replaces any earlier enrollment, including its recovery codes. */
  enrollMfa(
    id: string,
    enrollment: {totpSecret: string; recoveryHashes: Uint8Array[]},
    by: Actor,
    now: number,
  ): Promise<void>
  revokeAll(id: string, by: Actor, now: number): Promise<{sessions: number; tokens: number}>
}
