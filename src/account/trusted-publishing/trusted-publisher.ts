import type {TrustedPublisher as WirePublisher} from '@apkg/wire/protocol'

/** A project whose CI jobs can publish without a stored token. Fields that don't apply are null. */
export interface TrustedPublisher {
  id: string
  /** The provider and the project, such as `github:acme/tool`. Versions show this name as their publisher. */
  name: string
  /** The package that it can publish, or `@acme/*` for every package of a scope, including new ones. */
  package: string
  /** `github`, `gitlab` or `oidc`. */
  provider: string
  /** The issuer of the ID tokens, a URL. */
  issuer: string
  /**
   * Claims that an ID token must have, with their values. Includes the IDs that were recorded at the first exchange.
   */
  claims: Record<string, string>
  /** The workflow file on GitHub, such as `publish.yml`. */
  workflow: string | null
  /** Events that can start the workflow on GitHub. */
  events: string[] | null
  /** `active`, `pending` (not used yet), `expired` (not used within 7 days) or `suspended`. */
  status: string
  /** @format date-time */
  createdAt: string
  /** Username. */
  createdBy: string | null
  /**
   * When the IDs of the project were recorded.
   *
   * @format date-time
   */
  pinnedAt: string | null
  /**
   * When it expires unless a job uses it.
   *
   * @format date-time
   */
  pendingUntil: string | null
  /**
   * When a job last exchanged an ID token.
   *
   * @format date-time
   */
  lastUsedAt: string | null
}

export function publisherFromWire(publisher: WirePublisher): TrustedPublisher {
  const {id, name, provider, issuer, claims, status, createdAt} = publisher
  return {
    id,
    name,
    package: publisher.package,
    provider,
    issuer,
    claims,
    workflow: publisher.workflow ?? null,
    events: publisher.events ?? null,
    status,
    createdAt,
    createdBy: publisher.createdBy ?? null,
    pinnedAt: publisher.pinnedAt ?? null,
    pendingUntil: publisher.pendingUntil ?? null,
    lastUsedAt: publisher.lastUsedAt ?? null,
  }
}
