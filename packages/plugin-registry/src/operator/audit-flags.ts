import {failure} from '@apkg/command-kit'
import {parseTime, timeAgo, timeForms} from '@apkg/wire'
import {Flags} from '@oclif/core'

import type {AuditFilter} from '../server/store/store.js'

export const auditFlags = {
  user: Flags.string({summary: 'Show only actions by this user.'}),
  action: Flags.string({
    summary: 'Show only actions with this prefix, such as `token.`, `login` or `package.publish`.',
  }),
  target: Flags.string({
    summary: 'Show only entries about this user, organization, token or package (name or ID).',
    description: 'A package name matches all of its versions.',
  }),
  credential: Flags.string({
    summary: 'Show only entries about this token or session, and about what it did.',
    description:
      'Pass the ID of a token, of one of its values, or of a session, or at least the first 8 characters of the ID.',
    helpValue: '<id>',
  }),
  since: Flags.string({
    summary: `Show only entries since this time: ${timeForms}. A duration is counted back from now.`,
  }),
  until: Flags.string({
    summary: 'Show only entries before this time, in the same formats as --since. A date includes the full day.',
  }),
  limit: Flags.integer({summary: 'Show at most this many entries.', default: 100, min: 1}),
}

interface AuditFlags {
  user?: string | undefined
  action?: string | undefined
  target?: string | undefined
  since?: string | undefined
  until?: string | undefined
}

const day = 24 * 60 * 60 * 1000

/** @throws {ApkgError} `USAGE` for an invalid time */
export function auditFilter({user, action, target, since, until}: AuditFlags, now: Date): AuditFilter {
  return {
    actor: user,
    action,
    target,
    since: since === undefined ? undefined : parseFlag('--since', since, now),
    before: until === undefined ? undefined : parseFlag('--until', until, now) + (isDate(until) ? day : 0),
  }
}

/** Milliseconds since 1970. */
function parseFlag(flag: string, text: string, now: Date): number {
  const time = parseTime(text)
  if (time) return timeAgo(time, now).getTime()
  throw failure('USAGE', {message: `${flag}: \`${text}\` is not a valid time`, suggestions: [`use ${timeForms}`]})
}

function isDate(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text)
}
