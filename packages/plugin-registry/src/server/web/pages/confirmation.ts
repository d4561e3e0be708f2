import {Refusal} from '../../http/refusal.js'
import type {BrowserSessions} from '../browser-sessions.js'
import type {PageContext} from '../page.js'
import type {FormProblem} from './fields.js'

/** Confirms the factors that a form asked for. The session has a new value from then on. */
export async function confirmIfGiven(context: PageContext, sessions: BrowserSessions): Promise<void> {
  const {session = '', form, request} = context
  const {password, code} = form
  if (password === undefined) return
  context.setSession(await sessions.confirm(session, {password, ...(code ? {code} : {})}, request))
}

/** The fields of a form by the endpoint's names: the ID and the label of each. */
export type FormFields = Readonly<Record<string, {id: string; label: string}>>

const factors: FormFields = {
  password: {id: 'password', label: 'Password'},
  code: {id: 'code', label: 'Authentication code'},
}

/** What the user can correct, in words of the pages. */
const known: Partial<Record<Refusal['code'], FormProblem>> = {
  STEP_UP_REQUIRED: {text: 'Your last login was too long ago. Confirm your password.', field: 'password'},
  LOGIN_FAILED: {text: 'The password is wrong.', field: 'password'},
  MFA_FAILED: {text: 'The code is wrong or was already used.', field: 'code'},
  LABEL_TAKEN: {
    text: 'A token with this label exists. If you have just created it, its value was shown once: rotate it to get another one.',
    field: 'name',
  },
}

const correctable: readonly Refusal['code'][] = [
  ...(['VALIDATION', 'LIFETIME_TOO_LONG', 'TOKEN_LIMIT', 'UNSUPPORTED_RESTRICTION'] as const),
  ...(['USER_UNKNOWN', 'MEMBER_UNKNOWN', 'LAST_ADMIN'] as const),
  ...(['KEY_NOT_ACTIVE', 'TOKEN_NOT_ACTIVE', 'ROTATION_IN_PROGRESS', 'SUSPENSION_NOT_YOURS'] as const),
]

/**
 * Returns what the user can correct: a problem for each field if the endpoint names them, by the labels of the form.
 *
 * @throws the error, if the user can't correct it
 */
export function problemsOf(error: unknown, fields: FormFields = {}): FormProblem[] {
  if (!(error instanceof Refusal)) throw error
  const {code, message, details} = error
  const fixed = known[code]
  if (fixed !== undefined) return [fixed]
  if (!correctable.includes(code)) throw error
  const faults = details.map(({field, message: fault}) => problemOfField(field, fault, {...factors, ...fields}))
  return faults.length > 0 ? faults : [{text: `${message}.`}]
}

/** @param name of the field, such as `scopes.0` */
function problemOfField(name: string | undefined, fault: string, fields: FormFields): FormProblem {
  const {id, label = name} = fields[name?.split('.')[0] ?? ''] ?? {}
  if (label === undefined) return {text: `${fault}.`}
  return {text: `${label}${fault.startsWith('`') ? ':' : ''} ${fault}.`, ...(id !== undefined && {field: id})}
}
