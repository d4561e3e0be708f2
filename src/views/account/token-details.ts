import {fromNow, type Output, printable} from '@apkg/command-kit'

import {tokenCommand} from '../../account/token/token-command.js'

import type {OldTokenValue, Token, TokenSuspension, TokenUse} from '../../account/token/token.js'
import {counted} from '../counted.js'
import {expiryFromNow} from './expiry.js'
import {ownerName} from './owner-name.js'
import {shownPackages} from './token-packages.js'

/** Everything about a token, one fact per line: with relative times on a terminal, and with full times elsewhere. */
export function tokenDetails(
  token: Token & {registry: string},
  screen: Pick<Output, 'isTerminal' | 'hasColors'>,
  now: Date,
): string {
  const time = (text: string) => (screen.isTerminal ? fromNow(text, now) : text)
  const {label, id, note, scopes, release, createdAt, rotatedAt, generation, lastUsedAt, lastUse} = token
  const facts: [string, string | null][] = [
    ['Label', label],
    ['ID', id],
    ['Owner', ownerOf(token)],
    ['Status', statusOf(token, time)],
    ['Suspended', token.suspensions.map((each) => suspensionOf(each, time)).join('; ')],
    ['Value', valueOf(token, time)],
    ['Note', note],
    ['Scopes', scopes.join(', ')],
    ['Packages', shownPackages(token)],
    ['Integrity', release && release.integrity],
    ['Dist-tag', release && release.tag],
    ['Addresses', token.addresses && token.addresses.join(', ')],
    ['Uses left', token.uses === null ? null : `${token.usesLeft} of ${token.uses}`],
    ['Created', time(createdAt)],
    ['Rotated', rotatedAt && [time(rotatedAt), ...rotations(generation)].join(', ')],
    ['Last used', useOf(lastUsedAt, lastUse, time)],
    ['Used for', lastUse && purposeOf(lastUse)],
    ['Client', lastUse?.agent ?? null],
    ['Old value', token.oldValue && oldValueOf(token.oldValue, token, time, now)],
    ['Registry', token.registry],
  ]
  const lines = facts.flatMap(([name, value]) => (value ? [line(name, printable(value))] : []))
  const expiry = screen.isTerminal ? expiryFromNow(token.expiresAt, screen, now) : printable(token.expiresAt ?? 'never')
  return [...lines.slice(0, -1), line('Expires', expiry), ...lines.slice(-1)].map((each) => `${each}\n`).join('')
}

type Time = (text: string) => string

function line(name: string, value: string): string {
  return `${name.padEnd('Last used'.length)}  ${value}`
}

function ownerOf({organization, createdBy}: Token): string | null {
  return organization === null ? null : ownerName({organization, createdBy})
}

function valueOf({prefix, valueEndedAt, ...token}: Token & {registry: string}, time: Time): string | null {
  if (prefix === null) return null
  if (valueEndedAt === null) return `${prefix}...`
  const ended = `${prefix}..., ended ${time(valueEndedAt)}`
  return token.status === 'active'
    ? `${ended}. To get a new one, run \`${tokenCommand('rotate', token.id, token)}\``
    : ended
}

function statusOf({status, suspendedAt, revokedAt, revokedBy}: Token, time: Time): string {
  if (status === 'suspended' && suspendedAt !== null) return `suspended ${time(suspendedAt)}`
  if (status !== 'revoked' || revokedAt === null) return status
  return [`revoked ${time(revokedAt)}`, ...(revokedBy === null ? [] : [`by ${revokedBy}`])].join(' ')
}

function suspensionOf({by, name, at, reason}: TokenSuspension, time: Time): string {
  const maker = by === 'owner' ? (name ?? 'you') : by === 'restore' ? 'a restore from a backup' : `the ${by}`
  return `${time(at)} by ${maker}${reason === null ? '' : ` (${reason})`}`
}

function rotations(generation: number | null): string[] {
  return generation === null ? [] : [counted(generation - 1, 'rotation')]
}

function useOf(lastUsedAt: string | null, lastUse: TokenUse | null, time: Time): string {
  if (lastUsedAt === null) return 'never'
  return lastUse ? `${time(lastUsedAt)} from ${lastUse.address}` : time(lastUsedAt)
}

/** For example `publishPackage @acme/tool`, or `listTokens (refused)`. */
function purposeOf({action, package: name, refused}: TokenUse): string {
  return [action, ...(name === null ? [] : [name]), ...(refused ? ['(refused)'] : [])].join(' ')
}

/** For example `apkgt_AbCdEf..., expires in 23 hours, last used 3 minutes ago from 203.0.113.7`. */
function oldValueOf(
  {prefix, endsAt, lastUsedAt, lastUse}: OldTokenValue,
  {status}: Pick<Token, 'status'>,
  time: Time,
  now: Date,
): string {
  const use = lastUsedAt === null ? 'never used' : `last used ${useOf(lastUsedAt, lastUse, time)}`
  return [`${prefix}...`, endOf(endsAt, status, time, now), use].join(', ')
}

function endOf(endsAt: string | null, status: Token['status'], time: Time, now: Date): string {
  if (endsAt !== null && Date.parse(endsAt) <= now.getTime()) return `expired ${time(endsAt)}`
  if (status !== 'active' && status !== 'suspended') return 'no longer works'
  return endsAt === null
    ? 'works until the new value is used, and for the grace period after that'
    : `expires ${time(endsAt)}`
}
