import {createHmac, timingSafeEqual} from 'node:crypto'

/**
 * The text of a JSON object with its authentication code as the first member, so that a downloaded project cannot bring
 * a ledger that vouches for its own files, and a shared cache cannot bring other metadata.
 *
 * @param key see `ledger-key.ts`.
 */
export function seal(text: string, key: Uint8Array): string {
  return `{"mac":"${authenticationCode(text, key).toString('hex')}",${text.slice(1)}`
}

const sealed = /^\{"mac":"([0-9a-f]{64})",/

/** The sealed text without its code; undefined if it was not sealed with this key. */
export function unseal(text: string, key: Uint8Array): string | undefined {
  const found = sealed.exec(text)
  if (!found) return undefined
  const [{length}, code = ''] = found
  const content = `{${text.slice(length)}`
  return timingSafeEqual(Buffer.from(code, 'hex'), authenticationCode(content, key)) ? content : undefined
}

/** HMAC-SHA256, RFC 2104. */
function authenticationCode(text: string, key: Uint8Array): Buffer {
  return createHmac('sha256', key).update(text).digest()
}
