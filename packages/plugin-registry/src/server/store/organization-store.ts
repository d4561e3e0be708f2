import type {OrganizationRole} from '@apkg/wire'

import type {Actor} from './actor.js'
import type {NamePage} from './user-store.js'

export {organizationRoles as roles} from '@apkg/wire'

export type Role = OrganizationRole

export interface Organization {
  id: string
  name: string
  createdAt: number
}

export interface Member {
  userId: string
  name: string
  role: Role
}

/** An organization with its members by name. */
export interface StaffedOrganization extends Organization {
  members: Member[]
}

/** Organizations and users share one namespace: `@name` is the scope of one of them. */
export interface OrganizationStore {
  /** @returns `taken` if the name is in use, or was used before */
  add(organization: {id: string; name: string}, by: Actor, now: number): Promise<'added' | 'taken'>
  /** Lists all organizations by name. */
  list(): Promise<Organization[]>
  /** Lists organizations by name, with their members by name. */
  listStaffed(page?: NamePage): Promise<StaffedOrganization[]>
  find(name: string): Promise<Organization | undefined>
  /** Adds a member, or changes a member's role. */
  setMember(
    member: {organizationId: string; userId: string; role: Role},
    by: Actor,
    now: number,
  ): Promise<'added' | 'changed' | 'unchanged'>
  removeMember(member: {organizationId: string; userId: string}, by: Actor, now: number): Promise<'removed' | 'absent'>
  /** Lists all members by name. */
  members(organizationId: string): Promise<Member[]>
  /** Lists the organizations of a user by name. */
  ofUser(userId: string): Promise<{name: string; role: Role}[]>
}
