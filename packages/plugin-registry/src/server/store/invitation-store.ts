import type {Actor} from './actor.js'
import type {Role} from './organization-store.js'

/** A link with which a person sets a password: as a new user, or after it was forgotten. */
export interface Invitation {
  id: string
  kind: 'invite' | 'reset'
  /** The username. */
  name: string
  /** Null for a reset. */
  email: string | null
  /** The organization that the user joins, if any. */
  membership: {organization: string; role: Role} | null
  /** The name of the operator who made it. Null if a command on the server did. */
  createdBy: string | null
  createdAt: number
  expiresAt: number
}

/** @property codeHash the SHA-256 of the code in the link */
export interface InvitationDraft {
  id: string
  codeHash: Uint8Array
  name: string
  email: string
  membership: {organizationId: string; role: Role} | null
  /** The ID of the operator who makes it. Null for a command on the server. */
  createdBy: string | null
  expiresAt: number
}

export type ResetDraft = Pick<InvitationDraft, 'id' | 'codeHash' | 'createdBy' | 'expiresAt'> & {userId: string}

/** An invitation is void once it was used, revoked or has expired, or once its operator lost the role. */
export interface InvitationStore {
  /** @returns `taken` if the username is in use, or was used before */
  invite(invitation: InvitationDraft, by: Actor, now: number): Promise<'created' | 'taken'>
  /** Makes a link for a user who forgot the password. Revokes the user's sessions and earlier links; factors are kept. */
  reset(reset: ResetDraft, by: Actor, now: number): Promise<{sessions: number}>
  /** Lists the invitations that can be used, oldest first. */
  list(now: number): Promise<Invitation[]>
  find(codeHash: Uint8Array, now: number): Promise<Invitation | undefined>
  /**
   * Uses up an invitation: adds the user, or sets the password.
   *
   * @returns `taken` if the username was taken in the meantime; `void` if it can't be used
   */
  accept(
    accepted: {codeHash: Uint8Array; newUserId: string; passwordHash: string},
    by: Omit<Actor, 'name'>,
    now: number,
  ): Promise<'accepted' | 'taken' | 'void'>
  revoke(id: string, by: Actor, now: number): Promise<'revoked' | 'unknown'>
}
