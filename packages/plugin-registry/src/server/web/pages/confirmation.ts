import {Refusal} from '../../http/refusal.js'
import type {BrowserSessions} from '../browser-sessions.js'
import type {PageContext} from '../page.js'

/** Confirms the factors that a form asked for. The session has a new value from then on. */
export async function confirmIfGiven(context: PageContext, sessions: BrowserSessions): Promise<void> {
  const {session = '', form, request} = context
  const {password, code} = form
  if (password === undefined) return
  context.setSession(await sessions.confirm(session, {password, ...(code ? {code} : {})}, request))
}

const problems: Partial<Record<Refusal['code'], string>> = {
  STEP_UP_REQUIRED: 'Your last login is too long ago. Confirm your password.',
  LOGIN_FAILED: 'The password is wrong.',
  MFA_FAILED: 'The code is wrong or was already used.',
  LABEL_TAKEN:
    'A token with this label exists. If you have just created it, its value was shown once: rotate it to get another one.',
}

const correctable: readonly Refusal['code'][] = [
  ...(['VALIDATION', 'LIFETIME_TOO_LONG', 'TOKEN_LIMIT', 'UNSUPPORTED_RESTRICTION'] as const),
  ...(['KEY_NOT_ACTIVE', 'TOKEN_NOT_ACTIVE', 'ROTATION_IN_PROGRESS', 'SUSPENSION_NOT_YOURS'] as const),
]

/** The field that an error is about, if it is one of the factors. */
export function factorOf(error: unknown): 'password' | 'code' | undefined {
  if (!(error instanceof Refusal)) return undefined
  if (error.code === 'STEP_UP_REQUIRED' || error.code === 'LOGIN_FAILED') return 'password'
  if (error.code === 'MFA_FAILED') return 'code'
  const named = error.details.map(({field}) => field)
  return (['password', 'code'] as const).find((factor) => named.includes(factor))
}

/** Returns what the user can correct. Everything else is an error page. */
export function problemOf(error: unknown): string {
  if (!(error instanceof Refusal)) throw error
  const known = problems[error.code]
  if (known !== undefined) return known
  if (!correctable.includes(error.code)) throw error
  const faults = error.details.map(({field, message}) => (field === undefined ? message : `${field} ${message}`))
  return `${[error.message, ...faults].join(': ')}.`
}
