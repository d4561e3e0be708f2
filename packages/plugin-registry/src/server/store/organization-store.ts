import type {Actor} from './store.js'

/**
 * What a member of an organisation may do with its packages: `reader` reads the private ones; `publisher` also publishes,
 * tags and deprecates.
 */
export const roles = ['publisher', 'reader'] as const

export type Role = (typeof roles)[number]

export interface Organisation {
  id: string
  name: string
  createdAt: number
}

export interface Member {
  userId: string
  name: string
  role: Role
}

/** Organisations share one namespace with users: `@name` is the scope of either. */
export interface OrganisationStore {
  /** `taken`: the name belongs to somebody, or did once. */
  add(organisation: {id: string; name: string}, by: Actor, now: number): Promise<'added' | 'taken'>
  /** All of them, by name. */
  list(): Promise<Organisation[]>
  find(name: string): Promise<Organisation | undefined>
  /** Makes a user a member, or gives a member another role. */
  setMember(
    member: {organisationId: string; userId: string; role: Role},
    by: Actor,
    now: number,
  ): Promise<'added' | 'changed' | 'unchanged'>
  removeMember(member: {organisationId: string; userId: string}, by: Actor, now: number): Promise<'removed' | 'absent'>
  /** By name. */
  members(organisationId: string): Promise<Member[]>
  /** What a user is a member of, by name. */
  ofUser(userId: string): Promise<{name: string; role: Role}[]>
}
