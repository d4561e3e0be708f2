import {type Output, printable, timesOn} from '@apkg/command-kit'
import {table} from '@apkg/command-kit/table'

import {orgOption} from '../../account/token/org-option.js'
import {tokenCommand} from '../../account/token/token-command.js'
import type {Token} from '../../account/token/token.js'
import {expiryFromNow} from './expiry.js'
import {ownerName} from './owner-name.js'
import {allPackages, tokenPackages} from './token-packages.js'

const titles = [
  'LABEL',
  'ID',
  'PREFIX',
  'SCOPES',
  'PACKAGES',
  'CREATED',
  'LAST USED',
  'EXPIRES',
  'STATUS',
  'NOTE',
  'USES LEFT',
  'OWNER',
  'REVOKED',
]

/** Columns that a narrow terminal can do without. */
const least = ['PREFIX', 'NOTE', 'CREATED', 'PACKAGES', 'SCOPES', 'USES LEFT', 'OWNER']

/** Columns that a terminal shows only if a token differs from this. */
const usual: Record<string, string> = {STATUS: 'active', NOTE: '-', 'USES LEFT': '-', OWNER: '-', REVOKED: '-'}

/**
 * The tokens: with relative times, in a table, on a terminal; elsewhere one per line, with full times and tabs between
 * fields.
 */
export function tokenList(
  tokens: readonly Token[],
  screen: Pick<Output, 'isTerminal' | 'hasColors' | 'columns'>,
  now: Date,
): string {
  const rows = tokens.map((token) => [
    ...fields(token, timesOn(screen, now)).map(printable),
    screen.isTerminal ? expiryFromNow(token.expiresAt, screen, now) : printable(token.expiresAt ?? 'never'),
    token.status,
    printable(token.note ?? '-'),
    String(token.usesLeft ?? '-'),
    ...owner(token, screen),
    token.revokedAt === null ? '-' : printable(timesOn(screen, now)(token.revokedAt)),
  ])
  const isShown = (title: string, column: number) =>
    !screen.isTerminal || rows.some((row) => row[column] !== usual[title])
  const only = (row: readonly string[]) => row.filter((_, column) => isShown(titles[column] ?? '', column))
  return table(only(titles), rows.map(only), screen, least)
}

/** One column on a terminal; elsewhere the organization and who created the token. */
function owner({organization, createdBy}: Token, {isTerminal}: Pick<Output, 'isTerminal'>): string[] {
  if (!isTerminal) return [organization ?? '-', createdBy ?? '-'].map(printable)
  return [organization === null ? '-' : printable(ownerName({organization, createdBy}))]
}

/** What is printed instead of an empty list. */
export function noTokens({isFiltered, organization}: {isFiltered: boolean; organization?: string | undefined}): string {
  const none = `No API tokens${organization === undefined ? '' : ` of ${organization}`}`
  if (isFiltered) return `${none} match.`
  return `${none}. To create one, run \`apkg token create${orgOption(organization)}\`.`
}

/** @returns undefined if no token is suspended by anyone other than its owner. */
export function suspensionWarning(tokens: readonly Token[]): string | undefined {
  const isByOthers = ({status, suspensions}: Token) =>
    status === 'suspended' && (suspensions.length === 0 || suspensions.some(({by}) => by !== 'owner'))
  const labels = tokens.filter(isByOthers).map(({label}) => `"${printable(label)}"`)
  if (labels.length === 0) return undefined
  const subject = labels.length === 1 ? 'This token was' : 'These tokens were'
  return `${subject} suspended by the registry operator: ${labels.join(', ')}`
}

/** Warns about active tokens whose only value has ended. @returns no text or one. */
export function valuelessWarnings(tokens: readonly Token[], registry: string): string[] {
  const found = tokens.filter(({status, valueEndedAt}) => status === 'active' && valueEndedAt !== null)
  const [only, ...others] = found
  if (!only) return []
  const rotate = tokenCommand('rotate', only.id, {registry, organization: only.organization})
  const names = found.map(({label}) => printable(`"${label}"`)).join(', ')
  return others.length === 0
    ? [`This token has no working value: ${names}. To give it one, run \`${rotate}\`.`]
    : [`These tokens have no working value: ${names}. Rotate each of them, such as with \`${rotate}\`.`]
}

function fields(token: Token, time: (text: string) => string) {
  const {label, id, scopes, createdAt, lastUsedAt} = token
  const prefix = token.valueEndedAt === null ? token.prefix : null
  const lists = [scopes.join(','), tokenPackages(token).join(',') || allPackages(token, '*')]
  return [label, id, prefix ?? '-', ...lists, time(createdAt), lastUsedAt ? time(lastUsedAt) : 'never']
}
