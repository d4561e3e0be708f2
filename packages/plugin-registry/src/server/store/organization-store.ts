import type {Actor} from './actor.js'

/**
 * What a member of an organization may do with its packages: `reader` reads the private ones; `publisher` also publishes,
 * tags and deprecates.
 */
export const roles = ['publisher', 'reader'] as const

export type Role = (typeof roles)[number]

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

/** Organizations share one namespace with users: `@name` is the scope of either. */
export interface OrganizationStore {
  /** `taken`: the name belongs to somebody, or did once. */
  add(organization: {id: string; name: string}, by: Actor, now: number): Promise<'added' | 'taken'>
  /** All of them, by name. */
  list(): Promise<Organization[]>
  find(name: string): Promise<Organization | undefined>
  /** Makes a user a member, or gives a member another role. */
  setMember(
    member: {organizationId: string; userId: string; role: Role},
    by: Actor,
    now: number,
  ): Promise<'added' | 'changed' | 'unchanged'>
  removeMember(member: {organizationId: string; userId: string}, by: Actor, now: number): Promise<'removed' | 'absent'>
  /** By name. */
  members(organizationId: string): Promise<Member[]>
  /** What a user is a member of, by name. */
  ofUser(userId: string): Promise<{name: string; role: Role}[]>
}
