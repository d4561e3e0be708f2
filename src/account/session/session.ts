import type {SessionSummary} from '@apkg/wire/protocol'

/** A login, on this or another machine. */
export interface Session {
  /** The session's ID, for `apkg session revoke`. Refreshing the session doesn't change it. */
  id: string
  /** Whether this command used the session. */
  current: boolean
  /**
   * When you logged in.
   *
   * @format date-time
   */
  startedAt: string
  /** Where you logged in; null if the registry doesn't report it. */
  login: SessionLogin | null
  /**
   * When the session was last used, accurate to the minute; null if it has never been used.
   *
   * @format date-time
   */
  lastUsedAt: string | null
  /** What the session was last used for; null if it has never been used, or the registry doesn't report it. */
  lastUse: SessionUse | null
  /**
   * When the session expires unless it is used before.
   *
   * @format date-time
   */
  expiresAt: string
}

export interface SessionLogin {
  /** The address that the registry saw. */
  address: string
  /** The `User-Agent` header; null without one. */
  agent: string | null
}

/** A use of a session, accurate to the minute. */
export interface SessionUse extends SessionLogin {
  /** The operation, such as `createToken`, as in the registry's OpenAPI document. */
  action: string
  /** The package; null if the request wasn't about one. */
  package: string | null
}

export function sessionFromWire({id, current, startedAt, login, lastUsed, lastUse, expires}: SessionSummary): Session {
  return {
    id,
    current,
    startedAt,
    login: login ? {address: login.address, agent: login.agent ?? null} : null,
    lastUsedAt: lastUsed ?? null,
    lastUse: lastUse
      ? {
          address: lastUse.address,
          agent: lastUse.agent ?? null,
          action: lastUse.action,
          package: lastUse.package ?? null,
        }
      : null,
    expiresAt: expires,
  }
}
