import {randomBytes} from 'node:crypto'

import {hash, verify} from '@node-rs/argon2'

/** The first recommendation for Argon2id of OWASP. In the library, Argon2id has the number 2. */
const options = {algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1}

const minLength = 8
const maxLength = 1024

/** The rule that the password prompt shows. */
export const passwordRule = `at least ${minLength} characters`

/** Returns why a password isn't accepted, completing "The password …", or undefined if it is. */
export function passwordProblem(password: string): string | undefined {
  if ([...password].length < minLength) return `must be at least ${minLength} characters long`
  if (password.length > maxLength) return `must be at most ${maxLength} characters long`
  return undefined
}

/** @returns a PHC string */
export function hashPassword(password: string): Promise<string> {
  return hash(canonical(password), options)
}

/** The hash of a random password, created once per process. */
let dummy: Promise<string> | undefined

/** Verifies passwords. Takes as long for an unknown user as for a known one. */
export class PasswordVerifier {
  readonly #dummy = (dummy ??= hashPassword(randomBytes(16).toString('hex')))

  /** @param passwordHash undefined for an unknown user */
  async verify(passwordHash: string | undefined, password: string): Promise<boolean> {
    const matches = await verify(passwordHash ?? (await this.#dummy), canonical(password))
    return matches && passwordHash !== undefined
  }
}

/** Normalizes a password, because keyboards compose accented letters in different ways. */
function canonical(password: string): string {
  return password.normalize('NFC')
}
