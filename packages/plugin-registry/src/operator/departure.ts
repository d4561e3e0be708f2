import {Flags} from '@oclif/core'

import {type CreatedAccess, type Departure, operator, type RegistryStore} from '../server/store/store.js'

export const keepOrgFlag = {
  'keep-org': Flags.boolean({
    summary: "Don't suspend the tokens and trusted publishers that the user created for organizations.",
    default: false,
  }),
}

/** `already`: it was already suspended. `kept`: it still works. `planned`: it would be suspended without --dry-run. */
export type AccessStatus = 'suspended' | 'already' | 'kept' | 'planned'

/** Access that a user created, and that stays valid without the user. */
export interface CreatedAccessOutcome {
  /** Tokens of organizations that the user created. */
  organizationTokens: {
    id: string
    label: string
    organization: string
    status: AccessStatus
  }[]
  /** Trusted publishers that the user added. */
  trustedPublishers: {
    id: string
    /** The provider and the project, such as `github:acme/tool`. */
    name: string
    /** A package, or the packages of a scope: `@acme/*`. */
    package: string
    status: AccessStatus
  }[]
}

/** What happened to the user's credentials and to the access that the user created. */
export interface DepartureOutcome {
  sessions: number
  tokens: number
  access: CreatedAccessOutcome
  /** Whether nothing was changed because the user isn't a member of the organization. */
  isAbsent: boolean
}

/** What would happen. */
export async function previewDeparture(
  store: RegistryStore,
  departure: Departure,
  {isKept}: {isKept: boolean},
  now: number,
): Promise<DepartureOutcome> {
  const {created, ...revoked} = await store.departures.preview(departure, now)
  return {...revoked, access: outcomeOf(created, isKept ? 'kept' : 'planned')}
}

/**
 * Disables or removes a user, revokes all credentials, or removes a member.
 *
 * @param options.isKept whether access that the user created for organizations stays valid
 * @param options.reason why it is suspended, for the admins of the organizations
 */
export async function depart(
  store: RegistryStore,
  departure: Departure,
  {isKept, reason}: {isKept: boolean; reason: string},
  now: number,
): Promise<DepartureOutcome> {
  const {created, ...revoked} = await store.departures.depart(departure, isKept ? null : {reason}, operator, now)
  return {...revoked, access: outcomeOf(created, isKept ? 'kept' : 'suspended')}
}

function outcomeOf({tokens, publishers}: CreatedAccess, status: AccessStatus): CreatedAccessOutcome {
  const statusOf = (isSuspended: boolean) => (isSuspended ? 'already' : status)
  return {
    organizationTokens: tokens.map(({isSuspended, ...token}) => ({...token, status: statusOf(isSuspended)})),
    trustedPublishers: publishers.map(({isSuspended, ...publisher}) => ({
      ...publisher,
      status: statusOf(isSuspended),
    })),
  }
}
