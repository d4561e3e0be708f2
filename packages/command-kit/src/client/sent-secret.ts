import {redactTokenValues} from '@apkg/wire'

import {printable} from '../terminal/printable.js'

/** Makes text from outside safe to show. */
export type Redact = (text: string) => string

/**
 * A registry may echo the credential that it received: in an error, a redirect or a request ID. The result replaces this
 * credential, in plain and URL-encoded form, and anything that looks like a token, and escapes control characters.
 *
 * @param secret the credential that was sent.
 */
export function redactSent(secret: string | undefined): Redact {
  const forms = secret ? [secret, encodeURIComponent(secret)] : []
  return (text) => printable(redactTokenValues(forms.reduce((rest, form) => rest.replaceAll(form, '[redacted]'), text)))
}
