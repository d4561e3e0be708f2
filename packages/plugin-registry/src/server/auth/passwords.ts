import {randomBytes} from 'node:crypto'

import {hash, verify} from '@node-rs/argon2'

/** OWASP's first recommendation for Argon2id. The library's number for Argon2id is 2. */
const options = {algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1}

const minLength = 8
const maxLength = 1024

/** For the prompt. */
export const passwordRule = `at least ${minLength} characters`

/** Why a password is not accepted, to complete "The password …". Undefined if it is accepted. */
export function passwordProblem(password: string): string | undefined {
  if ([...password].length < minLength) return `must be at least ${minLength} characters long`
  if (password.length > maxLength) return `must be at most ${maxLength} characters long`
  return undefined
}

/** @returns a PHC string. */
export function hashPassword(password: string): Promise<string> {
  return hash(canonical(password), options)
}

/** The hash of a random password, created once per process. */
let dummy: Promise<string> | undefined

/** Verifies passwords. Takes as long for an unknown user as for a known one. */
export class PasswordVerifier {
  readonly #dummy = (dummy ??= hashPassword(randomBytes(16).toString('hex')))

  /** @param passwordHash undefined for an unknown user. */
  async verify(passwordHash: string | undefined, password: string): Promise<boolean> {
    const matches = await verify(passwordHash ?? (await this.#dummy), canonical(password))
    return matches && passwordHash !== undefined
  }
}

/** Keyboards differ in how they compose accented letters. */
function canonical(password: string): string {
  return password.normalize('NFC')
}
