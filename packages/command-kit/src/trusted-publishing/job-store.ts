import {createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes} from 'node:crypto'
import {closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readFileSync} from 'node:fs'
import {rename, rm, utimes, writeFile} from 'node:fs/promises'
import path from 'node:path'

import {isJsonObject} from '@apkg/wire'

import {withLockAt} from '../files/lock.js'
import {Secret} from '../credentials/secret.js'

/** A token that is kept for the other commands of a job. */
export interface KeptToken {
  secret: Secret
  /** RFC 3339. */
  expiresAt: string
  /** Package patterns; null if the registry doesn't say. */
  packages: readonly string[] | null
}

/** Bytes. */
const maxSize = 64 * 1024

const [ivLength, tagLength] = [12, 16]

const keptName = /^[0-9a-f]{32}(\.tmp-[0-9a-f]{16})?$/

/** Milliseconds after which an unfinished write is removed. */
const unfinishedAfter = 60_000

/**
 * The tokens of a CI job for one registry. Only commands of the same job can read the file: it is encrypted with a key
 * that is derived from a secret of the job, and bound to the registry.
 *
 * A file that is missing, damaged, not private or from another job or registry is treated as empty, and replaced.
 */
export class JobStore {
  readonly #key: Uint8Array
  readonly #file: string

  /**
   * @param folder private (0700)
   * @param user the effective user ID; undefined on Windows
   */
  constructor(
    private readonly folder: string,
    private readonly registry: string,
    jobSecret: Secret,
    private readonly user = process.geteuid?.(),
  ) {
    const derive = (purpose: string) =>
      new Uint8Array(hkdfSync('sha256', jobSecret.expose(), '', `apkg trusted publishing v1 ${purpose}`, 32))
    this.#key = derive('encryption')
    const name = createHmac('sha256', derive('name')).update(registry).digest('hex').slice(0, 32)
    this.#file = path.join(folder, name)
  }

  /** The tokens that haven't expired. */
  read(now: Date): KeptToken[] {
    const content = readPrivate(this.#file, this.user)
    const kept = content && this.#unseal(content)
    return (kept ?? []).filter(({expiresAt}) => Date.parse(expiresAt) > now.getTime())
  }

  /**
   * Runs work that changes the file while no other command can change it. Removes files whose tokens have expired.
   *
   * @throws {ApkgError} `STORE_LOCKED`, `FILE_UNWRITABLE`
   */
  async change<Result>(
    now: Date,
    work: (kept: KeptToken[], replace: (tokens: readonly KeptToken[]) => Promise<void>) => Promise<Result>,
  ): Promise<Result> {
    return withLockAt(`${this.#file}.lock`, async () => {
      await this.#sweep(now)
      return work(this.read(now), (tokens) => this.#write(tokens))
    })
  }

  async #write(tokens: readonly KeptToken[]): Promise<void> {
    const expiry = Math.max(0, ...tokens.map(({expiresAt}) => Date.parse(expiresAt)))
    const temporary = `${this.#file}.tmp-${randomBytes(8).toString('hex')}`
    try {
      await writeFile(temporary, this.#seal(tokens), {flag: 'wx', mode: 0o600})
      // Other jobs can't read the content, so they learn the expiry from the modification time.
      await utimes(temporary, new Date(), new Date(expiry))
      await rename(temporary, this.#file)
    } finally {
      await rm(temporary, {force: true})
    }
  }

  async #sweep(now: Date): Promise<void> {
    for (const name of readdirSync(this.folder)) {
      const found = keptName.exec(name)
      if (!found) continue
      const file = path.join(this.folder, name)
      const end = modifiedAt(file) + (found[1] === undefined ? 0 : unfinishedAfter)
      if (end <= now.getTime()) await rm(file, {force: true})
    }
  }

  #seal(tokens: readonly KeptToken[]): Buffer {
    const iv = randomBytes(ivLength)
    const cipher = createCipheriv('aes-256-gcm', this.#key, iv).setAAD(Buffer.from(this.registry))
    const content = {tokens: tokens.map(({secret, ...rest}) => ({...rest, value: secret.expose()}))}
    const text = Buffer.concat([cipher.update(JSON.stringify(content)), cipher.final()])
    return Buffer.concat([iv, cipher.getAuthTag(), text])
  }

  #unseal(content: Buffer): KeptToken[] | undefined {
    const iv = content.subarray(0, ivLength)
    const tag = content.subarray(ivLength, ivLength + tagLength)
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.#key, iv, {authTagLength: tagLength})
      decipher.setAAD(Buffer.from(this.registry)).setAuthTag(tag)
      const text = Buffer.concat([decipher.update(content.subarray(ivLength + tagLength)), decipher.final()])
      const parsed: unknown = JSON.parse(text.toString())
      const tokens = isJsonObject(parsed) ? parsed['tokens'] : undefined
      return Array.isArray(tokens) ? tokens.map(readToken).filter((each) => each !== undefined) : undefined
    } catch {
      return undefined
    }
  }
}

/** Reads a file only if it is a regular file that no one else can access. Checks the open file, not the path. */
function readPrivate(file: string, user: number | undefined): Buffer | undefined {
  let descriptor: number
  try {
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch {
    return undefined
  }
  try {
    const found = fstatSync(descriptor)
    const isPrivate = user === undefined || (found.uid === user && (found.mode & 0o077) === 0)
    return found.isFile() && isPrivate && found.size <= maxSize ? readFileSync(descriptor) : undefined
  } catch {
    return undefined
  } finally {
    closeSync(descriptor)
  }
}

/** Milliseconds since 1970; the future for a file that another command has just removed. */
function modifiedAt(file: string): number {
  return lstatSync(file, {throwIfNoEntry: false})?.mtimeMs ?? Infinity
}

function readToken(token: unknown): KeptToken | undefined {
  if (!isJsonObject(token)) return undefined
  const {value, expiresAt, packages} = token
  if (typeof value !== 'string' || typeof expiresAt !== 'string') return undefined
  const patterns = Array.isArray(packages) ? packages.filter((each) => typeof each === 'string') : null
  return {secret: new Secret(value), expiresAt, packages: patterns}
}
