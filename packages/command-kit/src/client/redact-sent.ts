import {redactTokenValues} from '@apkg/wire'

import {printable} from '../terminal/printable.js'

/** Makes text from a registry safe to show. */
export type Redact = (text: string) => string

/** Characters. Shorter secrets are not redacted, because they occur in ordinary text. */
const minLength = 4

const placeholder = '[redacted]'

/** The fields of a request's body that contain secrets. */
const secretFields = ['password', 'code', 'mfaToken', 'refreshToken', 'token', 'values'] as const

/** The fields in which a registry issues secrets that are only stored. It may issue the same one again. */
const storedFields = new Set(['accessToken', 'refreshToken'])

/** The fields in which a registry issues secrets that are shown or sent back. */
const issuedFields = new Set(['token', 'mfaToken'])

/**
 * Creates a function that redacts secrets, in plain and URL-encoded form and within a URL, and anything that looks like a token, and escapes
 * control characters. A registry could echo a secret in an error, a redirect or a request ID.
 *
 * @param secrets the values that were sent
 */
export function redactSent(...secrets: (string | undefined)[]): Redact {
  const remove = remover(secrets.filter((each) => each !== undefined))
  return (text) => printable(redactTokenValues(remove(text)))
}

/** The secrets that a client has sent: credentials, passwords, codes. A later response could still contain them. */
export class SentSecrets {
  readonly #values = new Set<string>()
  #remove: Redact = (text) => text

  get values(): readonly string[] {
    return [...this.#values]
  }

  add(...secrets: (string | undefined)[]): void {
    const added = secrets.filter((each) => each !== undefined).filter((each) => !this.#values.has(each))
    if (added.length === 0) return
    for (const secret of added) this.#values.add(secret)
    this.#remove = remover(this.values)
  }

  /** Adds the secrets in a request's body. */
  addFrom(body: object): void {
    const values = secretFields.flatMap((field) => (body as Record<string, unknown>)[field])
    this.add(...values.filter((value) => typeof value === 'string'))
  }

  /** Like the function that `redactSent` creates. */
  redact: Redact = (text) => printable(redactTokenValues(this.#remove(text)))

  /** Whether a text contains a secret. */
  occurIn(text: string): boolean {
    return this.#remove(text) !== text
  }

  /**
   * Removes secrets from all texts in a parsed response, in place.
   *
   * @returns the response; undefined if it issues one of them as a new one
   */
  removeFrom(answer: unknown): unknown {
    if (this.#values.size === 0) return answer
    const root = {answer}
    const open: Record<string, unknown>[] = [root]
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      for (const [key, value] of Object.entries(node)) {
        if (typeof value === 'object' && value !== null) open.push(value as Record<string, unknown>)
        const name = this.#remove(key)
        const isStored = storedFields.has(key)
        const text = typeof value === 'string' && !isStored ? this.#remove(value) : value
        if (text !== value && issuedFields.has(key)) return undefined
        if (name !== key) Reflect.deleteProperty(node, key)
        if (name !== key || text !== value) node[name] = text
      }
    }
    return root.answer
  }
}

function remover(secrets: readonly string[]): Redact {
  const forms = secrets.flatMap(formsOf).filter((each) => each.length >= minLength)
  // Longer ones first, because one can contain another.
  const sorted = [...new Set(forms)].sort((a, b) => b.length - a.length)
  return (text) => sorted.reduce((rest, form) => rest.replaceAll(form, placeholder), text)
}

function formsOf(secret: string): string[] {
  const encoded = encodeURIComponent(secret)
  const inForm = new URLSearchParams({'': secret}).toString().slice(1)
  return [secret, encoded, inForm, ...formsInUrl(secret)]
}

/** How a URL is shown that contains it unencoded: its path is encoded in part, and its host is in lower case. */
function formsInUrl(secret: string): string[] {
  const inPath = URL.canParse(`https://host/${secret}`) ? new URL(`https://host/${secret}`).pathname.slice(1) : ''
  const inHost = secret.toLowerCase()
  return URL.canParse(`https://${secret}`) && new URL(`https://${secret}`).hostname === inHost
    ? [inPath, inHost]
    : [inPath]
}
