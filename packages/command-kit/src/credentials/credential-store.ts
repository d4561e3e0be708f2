import {hasCode} from '../errors/apkg-error.js'
import {withLock, type HeldLock} from '../files/lock.js'
import {StateFolder} from '../files/state-folder.js'
import {canonicalRegistry} from '../registry/registry-url.js'
import {Secret} from './secret.js'
import type {RefreshSession} from './source.js'

/** A credential set that `apkg login` stored. */
export interface StoredSet {
  /** Canonical URL. */
  registry: string
  accessToken: Secret
  /** Empty for a token stored by `login --with-token`, which cannot be refreshed. */
  refreshToken: Secret
  username: string
}

/** A set as the original client's `credentials.json` spells it: these four keys, all strings. */
interface WrittenSet {
  registry: string
  accessToken: string
  refreshToken: string
  username: string
}

interface WrittenSessions {
  sessions: Record<string, WrittenSet>
}

/**
 * The credential sets of one user, at most one a registry: the last login in `credentials.json`, where the original
 * client looks, the others in `sessions.json`. Every change holds the lock of `~/.apkg`.
 *
 * When both files hold a set for one registry, as after a process was killed between two writes, `credentials.json` wins.
 */
export class CredentialStore {
  readonly #folder: StateFolder

  constructor(home: string) {
    this.#folder = new StateFolder(home)
  }

  /**
   * The set for exactly this registry.
   *
   * @throws {ApkgError} `FILE_UNREADABLE`, `FILE_DAMAGED`.
   */
  async find(registry: string): Promise<StoredSet | undefined> {
    await this.#sweep()
    return this.peek(registry)
  }

  /** As `find`, for those who must neither wait nor change anything: what killed processes left behind stays. */
  async peek(registry: string): Promise<StoredSet | undefined> {
    const written = (await this.#readAll()).find((each) => each.registry === registry)
    return written && asStoredSet(written)
  }

  /**
   * For which registries there are sets, and whose they are, the last login first. Leaves everything as it is.
   *
   * @throws {ApkgError} `FILE_UNREADABLE`, `FILE_DAMAGED`.
   */
  async list(): Promise<Pick<StoredSet, 'registry' | 'username'>[]> {
    const all = await this.#readAll()
    const registries = new Set(all.map(({registry}) => registry))
    return [...registries].map((registry) => ({
      registry,
      username: all.find((each) => each.registry === registry)?.username ?? '',
    }))
  }

  /** Which file holds the set for a registry, as a user knows it. */
  async whereIs(registry: string): Promise<string> {
    const latest = await this.#readLatest()
    return latest?.registry === registry ? '~/.apkg/credentials.json' : '~/.apkg/sessions.json'
  }

  /**
   * Checks, before a password is asked for or a session is made, that a set could be saved.
   *
   * @throws {ApkgError} `FILE_UNREADABLE`, `FILE_DAMAGED`, `FILE_UNWRITABLE`, `STORE_LOCKED`.
   */
  async assertWritable(): Promise<void> {
    await withLock(this.#folder, async () => {
      await this.#readAll()
    })
  }

  /** Stores a set as the last login. The set that was the last login before moves to `sessions.json`. */
  async save(set: StoredSet): Promise<void> {
    await withLock(this.#folder, (lock) => this.#write(lock, set))
  }

  /** Forgets the set of a registry and returns it; undefined when there is none, and then nothing is made or written. */
  async remove(registry: string): Promise<StoredSet | undefined> {
    if ((await this.find(registry)) === undefined) return undefined
    return withLock(this.#folder, async (lock) => {
      const written = (await this.#readAll()).find((each) => each.registry === registry)
      await this.#forget(lock, registry)
      return written && asStoredSet(written)
    })
  }

  /**
   * Refreshes a session whose access token was rejected, unless another process has done so meanwhile. The refresh
   * token is spent only while the lock is held and the file is known to be writable, for it works once.
   *
   * @returns the set to go on with; undefined where there is none or the registry offers no refresh.
   * @throws {ApkgError} `SESSION_ENDED` when the registry refuses; the set is forgotten then.
   */
  async renew(registry: string, rejected: Secret, refresh: RefreshSession): Promise<StoredSet | undefined> {
    return withLock(this.#folder, async (lock) => {
      const written = (await this.#readAll()).find((each) => each.registry === registry)
      if (!written) return undefined
      const present = asStoredSet(written)
      if (written.accessToken !== rejected.expose()) return present
      if (written.refreshToken === '') return undefined
      await this.#rewrite(lock, present)
      try {
        const renewed = await refresh(present.refreshToken)
        if (renewed === 'not-offered') return undefined
        const set = {...present, ...renewed}
        await this.#rewrite(lock, set)
        return set
      } catch (error) {
        if (hasCode(error, 'SESSION_ENDED')) await this.#forget(lock, registry)
        throw error
      }
    })
  }

  /** Removes what killed processes left half-written, as soon as anybody reads. */
  async #sweep(): Promise<void> {
    if ((await this.#folder.unfinishedWrites()).length > 0) await withLock(this.#folder, () => Promise.resolve())
  }

  async #readLatest(): Promise<WrittenSet | undefined> {
    const written = await this.#folder.read('credentials', isWrittenSet)
    if (!written) return undefined
    return {...written, registry: this.#canonical(written.registry)}
  }

  async #readSessions(): Promise<WrittenSet[]> {
    const {sessions} = (await this.#folder.read('sessions', isWrittenSessions)) ?? {sessions: {}}
    return Object.values(sessions)
  }

  async #readAll(): Promise<WrittenSet[]> {
    const latest = await this.#readLatest()
    return [...(latest ? [latest] : []), ...(await this.#readSessions())]
  }

  /** A set whose URL is not usable belongs to no registry: it is kept, and never sent anywhere. */
  #canonical(registry: string): string {
    try {
      return canonicalRegistry(registry, 'credentials.json')
    } catch {
      return registry
    }
  }

  /** Sessions first, then the last login, then what became superfluous: a kill in between loses no set. */
  async #write(lock: HeldLock, set: StoredSet): Promise<void> {
    const latest = await this.#readLatest()
    lock.assertHeld()
    if (latest && latest.registry !== set.registry) {
      const others = (await this.#readSessions()).filter((each) => each.registry !== latest.registry)
      await this.#writeSessions([...others, latest])
    }
    await this.#folder.replace('credentials', asWrittenSet(set))
    await this.#forgetInSessions(set.registry)
  }

  /** Replaces a set where it is, without making it the last login. */
  async #rewrite(lock: HeldLock, set: StoredSet): Promise<void> {
    lock.assertHeld()
    if ((await this.#readLatest())?.registry === set.registry) {
      await this.#folder.replace('credentials', asWrittenSet(set))
    } else {
      const others = (await this.#readSessions()).filter((each) => each.registry !== set.registry)
      await this.#writeSessions([...others, asWrittenSet(set)])
    }
  }

  async #forget(lock: HeldLock, registry: string): Promise<void> {
    lock.assertHeld()
    if ((await this.#readLatest())?.registry === registry) await this.#folder.remove('credentials')
    await this.#forgetInSessions(registry)
  }

  async #forgetInSessions(registry: string): Promise<void> {
    const sessions = await this.#readSessions()
    const others = sessions.filter((each) => each.registry !== registry)
    if (others.length < sessions.length) await this.#writeSessions(others)
  }

  async #writeSessions(sets: WrittenSet[]): Promise<void> {
    if (sets.length === 0) return this.#folder.remove('sessions')
    const sessions = Object.fromEntries(sets.map((each) => [each.registry, each]))
    await this.#folder.replace('sessions', {sessions})
  }
}

function asStoredSet({registry, accessToken, refreshToken, username}: WrittenSet): StoredSet {
  return {registry, accessToken: new Secret(accessToken), refreshToken: new Secret(refreshToken), username}
}

function asWrittenSet({registry, accessToken, refreshToken, username}: StoredSet): WrittenSet {
  return {registry, accessToken: accessToken.expose(), refreshToken: refreshToken.expose(), username}
}

function isWrittenSet(value: unknown): value is WrittenSet {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const {registry, accessToken, refreshToken, username} = value as Record<string, unknown>
  const strings = [registry, accessToken, refreshToken, username].every((each) => typeof each === 'string')
  return strings && accessToken !== ''
}

function isWrittenSessions(value: unknown): value is WrittenSessions {
  if (typeof value !== 'object' || value === null || !('sessions' in value)) return false
  const {sessions} = value
  if (typeof sessions !== 'object' || sessions === null || Array.isArray(sessions)) return false
  return Object.entries(sessions).every(([registry, set]) => isWrittenSet(set) && set.registry === registry)
}
