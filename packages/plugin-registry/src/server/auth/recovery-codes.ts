import {createHash, randomBytes} from 'node:crypto'

const crockford = '0123456789abcdefghjkmnpqrstvwxyz'
const count = 10
const length = 20

/** Ten codes of 100 bits, `xxxxx-xxxxx-xxxxx-xxxxx`, each good for one login. */
export function createRecoveryCodes(): string[] {
  return Array.from({length: count}, () => {
    const characters = Array.from(randomBytes(length), (byte) => crockford.charAt(byte & 31)).join('')
    return characters.replace(/.{5}(?=.)/g, '$&-')
  })
}

/** The SHA-256 of a code as people type it: case, dashes and spaces do not count, look-alikes are the letter they resemble. */
export function hashRecoveryCode(typed: string): Uint8Array {
  const canonical = typed.toLowerCase().replace(/[\s-]/g, '').replace(/o/g, '0').replace(/[il]/g, '1')
  return createHash('sha256').update(canonical).digest()
}
