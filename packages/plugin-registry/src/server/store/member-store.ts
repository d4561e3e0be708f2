import type {Actor} from './actor.js'
import type {SessionCredential} from './credential.js'
import type {CreatedAccess} from './departure-store.js'
import type {Member, Role} from './organization-store.js'

/** A member of an organization, by names. */
export interface MemberKey {
  organization: string
  /** Username. */
  user: string
}

/**
 * Why a member wasn't changed. `session-ended`: the session became invalid in the meantime. `forbidden`: its user isn't an
 * admin of the organization, which may not exist. `last-admin`: no other admin could log in.
 */
export type MemberProblem = 'session-ended' | 'forbidden' | 'unknown-user' | 'not-a-member' | 'last-admin'

/** Members of organizations, as the users of the registry manage them. The operator uses `OrganizationStore`. */
export interface MemberStore {
  /** Lists the members by name. The user must be a member. */
  list(organization: string, userId: string): Promise<Member[] | 'forbidden'>
  /** Adds a member, or changes a member's role. */
  set(
    member: MemberKey & {role: Role},
    session: SessionCredential,
    by: Actor,
    now: number,
  ): Promise<'added' | 'changed' | 'unchanged' | MemberProblem>
  /**
   * Removes a member, and suspends the access that the member created for the organization.
   *
   * @param suspension why it is suspended. Null: it isn't.
   * @returns that access, as it was before
   */
  remove(
    member: MemberKey,
    suspension: {reason: string} | null,
    session: SessionCredential,
    by: Actor,
    now: number,
  ): Promise<CreatedAccess | MemberProblem>
}
