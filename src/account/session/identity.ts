import type {CallOptions, Connection, Ports} from '@apkg/command-kit'

import {expiringTokens, type ExpiringToken} from './expiring-tokens.js'

/** The user you are logged in as, and the credential in use. */
export interface Identity {
  /** URL of the registry. */
  registry: string
  username: string
  email: string
  /** Whether multi-factor authentication is enabled; null if the registry doesn't report it. */
  mfaEnabled: boolean | null
  /** The credential's scopes, such as `read`, `publish:new` or `admin`. Some are specific to the registry. */
  scopes: string[]
  /** Organizations that the user belongs to. */
  organizations: OrganizationMembership[]
  /** Whether you can operate the registry with this credential. Absent if you can't. */
  operator?: true
  /** If a session is used: the user's API tokens that expire soon, the soonest first. */
  expiringTokens: ExpiringToken[]
  credential: UsedCredential
  /** Other sources that have a credential for this registry but are not used. */
  shadowed: string[]
}

/** An organization that the user belongs to. */
export interface OrganizationMembership {
  name: string
  /** The user's role, such as `admin`, `publisher` or `reader`. */
  role: string
}

/** The credential that authenticated the request. Fields that the registry doesn't report are null. */
export interface UsedCredential {
  /** The source of the credential: `APKG_TOKEN`, the path of a file, or a name that a plugin provides. */
  source: string
  kind: 'session' | 'token' | null
  id: string | null
  label: string | null
  /** Package patterns that the credential is limited to; empty means every package. */
  packages: string[] | null
  /**
   * When the credential expires; null if it doesn't, or if the registry doesn't report it.
   *
   * @format date-time
   */
  expiresAt: string | null
}

export async function identify(
  {client, shadowed}: Connection,
  ports: Pick<Ports, 'env' | 'now'>,
  options: CallOptions = {},
): Promise<Identity> {
  const response = await client.call('whoami', {}, options)
  const {credential} = response
  return {
    registry: client.registry,
    username: response.username,
    email: response.email,
    mfaEnabled: response.mfaEnabled ?? null,
    scopes: response.scopes ?? [],
    organizations: response.orgs ?? [],
    ...(response.operator === true && {operator: true}),
    expiringTokens: expiringTokens(response.expiringTokens, ports),
    credential: {
      source: client.credential?.source ?? 'none',
      kind: credential?.kind ?? null,
      id: credential?.id ?? null,
      label: credential?.label ?? null,
      packages: credential?.packagePatterns ?? null,
      expiresAt: credential?.expires ?? null,
    },
    shadowed: (await shadowed()).map(({source, problem}) =>
      problem === undefined ? source : `${source} (${problem})`,
    ),
  }
}
