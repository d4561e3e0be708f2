import {isOrganizationName, parseTime} from '@apkg/wire'

import type {CredentialExpiry, Expiry} from '../client/credential-expiry.js'
import type {Ports} from '../ports/ports.js'
import {fromNow} from '../terminal/from-now.js'
import {printable} from '../terminal/printable.js'

type Environment = Pick<Ports, 'env'> & {now: Date}

/** In milliseconds: 14 days. */
const defaultPeriod = 14 * 86_400_000

/**
 * Whether a token expires soon enough for a warning: within 14 days, unless `APKG_EXPIRY_WARNING` is another
 * duration or `off`. Tokens with a shorter lifetime don't cause one.
 */
export function isExpiringSoon({createdAt, expiresAt}: Expiry, {env, now}: Environment): boolean {
  const period = periodFrom(env) ?? defaultPeriod
  const left = expiresAt.getTime() - now.getTime()
  return left < period && expiresAt.getTime() - createdAt.getTime() > period
}

/** Warns that the credential of a command expires soon. @returns no text or one. */
export function expiryWarnings(expiry: CredentialExpiry, environment: Environment): string[] {
  if (!isExpiringSoon(expiry, environment)) return []
  const {source, label, expiresAt} = expiry
  const when = expiresAt > environment.now ? fromNow(expiresAt.toISOString(), environment.now) : 'soon'
  const subject = label === '' ? source : `${source} ("${label}")`
  return [printable(`${subject} expires ${when}.${remedy(expiry)}`)]
}

/** Warns about an unusable value of `APKG_EXPIRY_WARNING`. */
export function settingWarnings(env: NodeJS.ProcessEnv): string[] {
  if (periodFrom(env) !== undefined || !env['APKG_EXPIRY_WARNING']) return []
  return ['APKG_EXPIRY_WARNING is not valid. Use a duration, such as 7d, or `off`.']
}

/** A warning as GitHub Actions annotates it, on a line by itself. */
export function annotation(text: string): string {
  return `::warning::${text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')}`
}

/** How long before its expiry a token causes a warning. Undefined if the variable is unset or unusable. */
function periodFrom({APKG_EXPIRY_WARNING: text = ''}: NodeJS.ProcessEnv): number | undefined {
  if (text === 'off') return 0
  const time = parseTime(text)
  return time?.kind === 'for' ? time.milliseconds : undefined
}

/** The values come from the registry, so only those that need no quoting in any shell are part of a command. */
function remedy({registry, label, id, organization, canRotate}: CredentialExpiry): string {
  if (canRotate) return ' To replace it, run `apkg token rotate --current`.'
  const name = [label, id].find((text) => /^[\w@.][\w@.-]*$/.test(text))
  const isOfOrganization = isOrganizationName(organization)
  const ofOrganization = isOfOrganization ? ` --org ${organization}` : ''
  const command = `apkg token rotate --registry ${registry}${ofOrganization}${name === undefined ? '' : ` ${name}`}`
  return ` To replace it, ${isOfOrganization ? `an admin of ${organization}` : 'its owner'} can run \`${command}\`.`
}
