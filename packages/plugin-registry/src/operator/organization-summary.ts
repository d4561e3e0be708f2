import type {RegistryStore, Role} from '../server/store/store.js'
import {findOrganization} from './with-store.js'

/** An organization. */
export interface OrganizationSummary {
  name: string
  /** @format date-time */
  createdAt: string
  /** The organization's members. */
  members: OrganizationMember[]
}

/** A member of an organization. */
export interface OrganizationMember {
  /** Username. */
  name: string
  role: Role
}

/** @param name undefined for all organizations @throws {ApkgError} `ORG_NOT_FOUND` */
export async function listOrganizations(
  store: RegistryStore,
  name: string | undefined,
): Promise<OrganizationSummary[]> {
  const found = name === undefined ? await store.organizations.list() : [await findOrganization(store, name)]
  return Promise.all(
    found.map(async ({id, name: own, createdAt}) => ({
      name: own,
      createdAt: new Date(createdAt).toISOString(),
      members: (await store.organizations.members(id)).map((member) => ({name: member.name, role: member.role})),
    })),
  )
}
