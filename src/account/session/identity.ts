import {type CallOptions, type Connection, type Ports, tokenVariableFor} from '@apkg/command-kit'

import {organizationFromWire, type Restrictions, restrictionsFromWire} from '../restrictions.js'
import {type JobSource, jobSourceFromWire} from '../trusted-publishing/job-source.js'
import {expiringTokens, type ExpiringToken} from './expiring-tokens.js'

/** The user you are logged in as, and the credential in use. */
export interface Identity {
  /** URL of the registry. */
  registry: string
  /**
   * Of a CI job: the name of its trusted publisher, such as `github:acme/tool`. Of a token of an organization: the user who
   * created it.
   */
  username: string
  /** The organization that the token in use belongs to; null if the credential is a user's. */
  organization: string | null
  /** Empty for a CI job and for a token of an organization. */
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
  /**
   * The environment variable for a token that is sent only to this registry, such as `APKG_TOKEN__R_EXAMPLE_COM`. Null if
   * the registry has none, because its URL has a path or an unusual host.
   */
  tokenVariable: string | null
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
export interface UsedCredential extends Restrictions {
  /** The source of the credential: a variable such as `APKG_TOKEN`, the path of a file, or a name that a plugin provides. */
  source: string
  kind: 'session' | 'token' | null
  id: string | null
  label: string | null
  /**
   * Package patterns that the credential is limited to. Empty means every package that the user can access or, for a token
   * of an organization, every package in the scope of the organization.
   */
  packages: string[] | null
  /**
   * Whether `apkg token rotate` gave the token another value. `expiresAt` is then when this one stops working; null until the
   * new one is used.
   */
  isOldValue: boolean | null
  /** The CI job that the registry issued the credential for; null if it isn't from trusted publishing. */
  job: JobSource | null
  /**
   * When the credential expires; null if it doesn't, or if the registry doesn't report it. An access token of a session is
   * replaced automatically.
   *
   * @format date-time
   */
  expiresAt: string | null
  /**
   * When the session expires unless it is used before. Absent if the registry doesn't report it, or if it isn't a session.
   *
   * @format date-time
   */
  sessionExpiresAt?: string
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
    organization: organizationFromWire(response.organization),
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
      ...restrictionsFromWire(credential ?? {}),
      isOldValue: credential?.isOldValue ?? null,
      job: credential?.trustedPublisher ? jobSourceFromWire(credential.trustedPublisher.origin) : null,
      expiresAt: credential?.expires ?? null,
      ...(credential?.sessionExpires && {sessionExpiresAt: credential.sessionExpires}),
    },
    tokenVariable: tokenVariableFor(client.registry) ?? null,
    shadowed: (await shadowed()).map(({source, problem}) =>
      problem === undefined ? source : `${source} (${problem})`,
    ),
  }
}
