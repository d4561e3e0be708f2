import {failure} from '@apkg/command-kit'
import {parseLifetime} from '@apkg/wire'
import {Flags} from '@oclif/core'

import type {AuditFilter} from '../server/store/store.js'

const timeForms = '12h or 7d (so long ago), a date (2026-11-23) or an RFC 3339 time'

export const auditFlags = {
  user: Flags.string({summary: 'Only what this user did.'}),
  action: Flags.string({summary: 'Only actions that begin so: `token.`, `login`, `package.publish`.'}),
  target: Flags.string({
    summary: 'Only changes of this user, organization, token or package, by its name or id.',
    description: 'The name of a package stands for all its versions.',
  }),
  since: Flags.string({summary: `Only from then on: ${timeForms}. Dates are UTC.`}),
  until: Flags.string({summary: 'Only before then, in the same forms; a date includes that day.'}),
  limit: Flags.integer({summary: 'How many entries to show at most.', default: 100, min: 1}),
}

interface AuditFlags {
  user?: string | undefined
  action?: string | undefined
  target?: string | undefined
  since?: string | undefined
  until?: string | undefined
}

const day = 24 * 60 * 60 * 1000

/** @throws {ApkgError} `USAGE` for a time that is none. */
export function auditFilter({user, action, target, since, until}: AuditFlags, now: Date): AuditFilter {
  return {
    actor: user,
    action,
    target,
    since: since === undefined ? undefined : instant('--since', since, now),
    before: until === undefined ? undefined : instant('--until', until, now) + (isDate(until) ? day : 0),
  }
}

/** Milliseconds since 1970. */
function instant(flag: string, text: string, now: Date): number {
  const time = parseLifetime(text)
  if (time?.kind === 'for') return now.getTime() - time.milliseconds
  if (time?.kind === 'until') return time.instant.getTime()
  throw failure('USAGE', {message: `${flag}: \`${text}\` is not a time; use ${timeForms}`})
}

function isDate(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text)
}
