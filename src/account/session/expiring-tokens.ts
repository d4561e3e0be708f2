import {isExpiringSoon, type Ports} from '@apkg/command-kit'
import type {ExpiringToken as WireExpiringToken} from '@apkg/wire/protocol'

/** An API token that expires soon. */
export interface ExpiringToken {
  id: string
  label: string
  /** @format date-time */
  expiresAt: string
}

/** The user's tokens that expire soon, the soonest first. */
export function expiringTokens(
  listed: readonly WireExpiringToken[] | undefined,
  {env, now}: Pick<Ports, 'env' | 'now'>,
): ExpiringToken[] {
  const isClose = ({createdAt, expires}: WireExpiringToken) =>
    isExpiringSoon({createdAt: new Date(createdAt), expiresAt: new Date(expires)}, {env, now: now()})
  return (listed ?? []).filter(isClose).map(({id, name, expires}) => ({id, label: name, expiresAt: expires}))
}
