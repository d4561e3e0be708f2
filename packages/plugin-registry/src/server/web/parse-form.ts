import {Refusal} from '../http/refusal.js'

/** The largest form, in bytes. */
export const maxFormSize = 64 * 1024

/**
 * Parses `application/x-www-form-urlencoded`.
 *
 * @throws {Refusal} VALIDATION if a field is repeated
 */
export function parseForm(text: string): Record<string, string> {
  const form: Record<string, string> = Object.create(null) as Record<string, string>
  for (const [name, value] of new URLSearchParams(text)) {
    if (name in form) throw new Refusal('VALIDATION', {details: [{field: name, message: 'is repeated'}]})
    form[name] = value
  }
  return form
}
