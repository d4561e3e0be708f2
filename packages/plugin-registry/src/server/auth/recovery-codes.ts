import {createHash, randomBytes} from 'node:crypto'

const crockford = '0123456789abcdefghjkmnpqrstvwxyz'
const count = 10
const length = 20

/** Creates ten codes of 100 bits, in the form `xxxxx-xxxxx-xxxxx-xxxxx`. */
export function createRecoveryCodes(): string[] {
  return Array.from({length: count}, () => {
    const characters = Array.from(randomBytes(length), (byte) => crockford.charAt(byte & 31)).join('')
    return characters.replace(/.{5}(?=.)/g, '$&-')
  })
}

/** Hashes a code without regard to case, dashes, spaces and look-alike characters. @returns SHA-256 */
export function hashRecoveryCode(typed: string): Uint8Array {
  const canonical = typed.toLowerCase().replace(/[\s-]/g, '').replace(/o/g, '0').replace(/[il]/g, '1')
  return createHash('sha256').update(canonical).digest()
}
