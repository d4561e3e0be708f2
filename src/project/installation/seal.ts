import {createHmac, timingSafeEqual} from 'node:crypto'

/**
 * The text of a JSON object with its authentication code as first member. Whoever made a project can write a file that
 * vouches for files of theirs, but not one with the user's key.
 *
 * @param key see `ledger-key.ts`.
 */
export function seal(text: string, key: Uint8Array): string {
  return `{"mac":"${authenticationCode(text, key).toString('hex')}",${text.slice(1)}`
}

const sealed = /^\{"mac":"([0-9a-f]{64})",/

/** What was sealed; undefined where it was not sealed with this key. */
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
