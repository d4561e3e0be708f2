import {randomBytes} from 'node:crypto'

import {hash, verify} from '@node-rs/argon2'

/** Argon2id at OWASP's first setting; 2 is the library's number for argon2id. */
const options = {algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1}

const shortestPassword = 8
const longestPassword = 1024

/** Why a text cannot be a password, or undefined where it can. */
export function passwordProblem(password: string): string | undefined {
  if ([...password].length < shortestPassword) return `must be at least ${shortestPassword} characters long`
  if (password.length > longestPassword) return `must be at most ${longestPassword} characters long`
  return undefined
}

/** @returns a PHC string. */
export function hashPassword(password: string): Promise<string> {
  return hash(canonical(password), options)
}

/** The hash of a random password, made once in a process. */
let dummy: Promise<string> | undefined

/** Verifies passwords, taking as long for a user that does not exist as for one that does. */
export class PasswordVerifier {
  readonly #dummy = (dummy ??= hashPassword(randomBytes(16).toString('hex')))

  /** @param passwordHash undefined where there is no such user. */
  async verify(passwordHash: string | undefined, password: string): Promise<boolean> {
    const matches = await verify(passwordHash ?? (await this.#dummy), canonical(password))
    return matches && passwordHash !== undefined
  }
}

/** Keyboards differ in how they compose an accented letter; the password is the same. */
function canonical(password: string): string {
  return password.normalize('NFC')
}
