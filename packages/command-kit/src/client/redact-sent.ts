import {redactTokenValues} from '@apkg/wire'

import {printable} from '../terminal/printable.js'

/** Makes text from a registry safe to show. */
export type Redact = (text: string) => string

/**
 * Creates a function that redacts a credential, in plain and URL-encoded form, and anything that looks like a token, and
 * escapes control characters. A registry could echo the credential in an error, a redirect or a request ID.
 *
 * @param secret the credential that was sent
 */
export function redactSent(secret: string | undefined): Redact {
  const forms = secret ? [secret, encodeURIComponent(secret)] : []
  return (text) => printable(redactTokenValues(forms.reduce((rest, form) => rest.replaceAll(form, '[redacted]'), text)))
}
