import type {RegistryStore, Role} from '../server/store/store.js'
import {findOrganisation} from './with-store.js'

/** An organisation as `--json` shows it. */
export interface OrganisationSummary {
  name: string
  createdAt: string
  members: {name: string; role: Role}[]
}

/** One organisation, or all of them by name. @throws {ApkgError} `ORG_UNKNOWN` */
export async function listOrganisations(
  store: RegistryStore,
  name: string | undefined,
): Promise<OrganisationSummary[]> {
  const found = name === undefined ? await store.organisations.list() : [await findOrganisation(store, name)]
  return Promise.all(
    found.map(async ({id, name: own, createdAt}) => ({
      name: own,
      createdAt: new Date(createdAt).toISOString(),
      members: (await store.organisations.members(id)).map((member) => ({name: member.name, role: member.role})),
    })),
  )
}
