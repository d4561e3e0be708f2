import {isJsonObject} from '@apkg/wire'

import {hasCode} from '../errors/apkg-error.js'
import {failure} from '../errors/define-failures.js'
import {withLock, type HeldLock} from '../files/lock.js'
import {StateFolder} from '../files/state-folder.js'
import {canonicalRegistry} from '../registry/registry-url.js'
import {Secret} from './secret.js'
import type {RefreshSession, StoredValue} from './source.js'

/** A login that `apkg login` stored. */
export interface StoredLogin {
  /** Canonical URL. */
  registry: string
  accessToken: Secret
  /** Empty for a token from `apkg login --with-token`, which can't be refreshed. */
  refreshToken: Secret
  username: string
}

/** A login that was found, and the file that contains it, for messages. */
export interface FoundLogin extends StoredLogin {
  file: string
}

/** A login in `credentials.json`, in the format of the original client. */
interface LoginRecord {
  registry: string
  accessToken: string
  refreshToken: string
  username: string
}

interface SessionsFile {
  sessions: Record<string, LoginRecord>
}

/**
 * The stored logins of a user, at most one per registry: the last one in `credentials.json`, which the original client
 * reads too, the others in `sessions.json`. Changes require the lock of `~/.apkg`.
 *
 * If a process was killed between two writes, both files can contain a login for the same registry. Then the one in
 * `credentials.json` is used.
 */
export class CredentialStore {
  readonly #folder: StateFolder

  constructor(home: string) {
    this.#folder = new StateFolder(home)
  }

  /**
   * Returns the login for exactly this registry.
   *
   * @param registry canonical URL
   * @throws {ApkgError} `FILE_UNREADABLE`, `FILE_DAMAGED`
   */
  async find(registry: string): Promise<FoundLogin | undefined> {
    await this.#sweep()
    return this.peek(registry)
  }

  /** Like `find`, but doesn't remove unfinished writes of killed processes, for which it would need the lock. */
  async peek(registry: string): Promise<FoundLogin | undefined> {
    const latest = await this.#readLatest()
    const record = [...(latest ? [latest] : []), ...(await this.#readSessions())].find(
      (each) => each.registry === registry,
    )
    return record && {...fromRecord(record), file: record === latest ? latestFile : sessionsFile}
  }

  /**
   * Lists the registries with a stored login, and the usernames. The last login comes first.
   *
   * @throws {ApkgError} `FILE_UNREADABLE`, `FILE_DAMAGED`
   */
  async list(): Promise<Pick<StoredLogin, 'registry' | 'username'>[]> {
    const all = await this.#readAll()
    const registries = new Set(all.map(({registry}) => registry))
    return [...registries].map((registry) => ({
      registry,
      username: all.find((each) => each.registry === registry)?.username ?? '',
    }))
  }

  /**
   * Lists the registries for which a value is stored, as `apkg login --with-token` does.
   *
   * @throws {ApkgError} `FILE_UNREADABLE`, `FILE_DAMAGED`
   */
  async registriesOf(value: string): Promise<string[]> {
    const found = (await this.#readAll()).filter(({accessToken}) => accessToken === value)
    return found.map(({registry}) => registry)
  }

  /**
   * Checks that a login can be saved. Call this before prompting for a password or creating a session.
   *
   * @throws {ApkgError} `FILE_UNREADABLE`, `FILE_DAMAGED`, `FILE_UNWRITABLE`, `STORE_LOCKED`
   */
  async assertWritable(): Promise<void> {
    await withLock(this.#folder, async () => {
      await this.#readAll()
    })
  }

  /**
   * Stores a login as the last one. The previous last login moves to `sessions.json`.
   *
   * @returns the login for the same registry that it replaces
   * @throws {ApkgError} `FILE_UNREADABLE`, `FILE_DAMAGED`, `FILE_UNWRITABLE`, `STORE_LOCKED`
   */
  async save(login: StoredLogin): Promise<StoredLogin | undefined> {
    return withLock(this.#folder, async (lock) => {
      const replaced = (await this.#readAll()).find(({registry}) => registry === login.registry)
      await this.#write(lock, login)
      return replaced && fromRecord(replaced)
    })
  }

  /**
   * Removes the login for a registry. If there is none, it doesn't write or create anything.
   *
   * @returns the removed login
   * @throws {ApkgError} `FILE_UNREADABLE`, `FILE_DAMAGED`, `FILE_UNWRITABLE`, `STORE_LOCKED`
   */
  async remove(registry: string): Promise<StoredLogin | undefined> {
    if ((await this.find(registry)) === undefined) return undefined
    return withLock(this.#folder, async (lock) => {
      const record = (await this.#readAll()).find((each) => each.registry === registry)
      await this.#remove(lock, registry)
      return record && fromRecord(record)
    })
  }

  /**
   * Refreshes a session whose access token was rejected, unless another process has already done so. A refresh token
   * works only once, so it is used only while the lock is held, and after a trial write of the file succeeded.
   *
   * @returns the new login; undefined if there is none, or if it can't be refreshed
   * @throws {ApkgError} `SESSION_ENDED` if the registry refuses, after removing the login; `FILE_UNREADABLE`,
   *   `FILE_DAMAGED`, `FILE_UNWRITABLE`, `STORE_LOCKED`; errors of `refresh` are passed on
   */
  async renew(registry: string, rejected: Secret, refresh: RefreshSession): Promise<FoundLogin | undefined> {
    return withLock(this.#folder, async (lock) => {
      const current = await this.peek(registry)
      if (!current) return undefined
      if (current.accessToken.expose() !== rejected.expose()) return current
      if (current.refreshToken.isEmpty) return undefined
      await this.#rewrite(lock, current)
      try {
        const renewed = await refresh(current.refreshToken)
        if (renewed === 'not-offered') return undefined
        const login = {...current, ...renewed}
        await this.#rewrite(lock, login)
        return login
      } catch (error) {
        if (hasCode(error, 'SESSION_ENDED')) await this.#remove(lock, registry)
        throw error
      }
    })
  }

  /**
   * Runs work that replaces the access token of a login, while the lock is held, and after a trial write of the file
   * succeeded.
   *
   * @throws {ApkgError} `AUTH_REQUIRED` if there is no login anymore; `FILE_UNREADABLE`, `FILE_DAMAGED`,
   *   `FILE_UNWRITABLE`, `STORE_LOCKED`; errors of `work` are passed on
   */
  async rewrite<Result>(registry: string, work: (stored: StoredValue) => Promise<Result>): Promise<Result> {
    return withLock(this.#folder, async (lock) => {
      const record = (await this.#readAll()).find((each) => each.registry === registry)
      if (!record) throw failure('AUTH_REQUIRED', {registry})
      const current = fromRecord(record)
      await this.#rewrite(lock, current)
      const replace = (next: Pick<Secret, 'expose'>) =>
        this.#rewrite(lock, {...current, accessToken: new Secret(next.expose())})
      return work({secret: current.accessToken, replace})
    })
  }

  /** Removes unfinished writes of killed processes. `withLock` does the work. */
  async #sweep(): Promise<void> {
    if ((await this.#folder.unfinishedWrites()).length > 0) await withLock(this.#folder, () => Promise.resolve())
  }

  async #readLatest(): Promise<LoginRecord | undefined> {
    const record = await this.#folder.read('credentials', isLoginRecord)
    if (!record) return undefined
    return {...record, registry: this.#canonical(record.registry)}
  }

  async #readSessions(): Promise<LoginRecord[]> {
    const {sessions} = (await this.#folder.read('sessions', isSessionsFile)) ?? {sessions: {}}
    return Object.values(sessions)
  }

  async #readAll(): Promise<LoginRecord[]> {
    const latest = await this.#readLatest()
    return [...(latest ? [latest] : []), ...(await this.#readSessions())]
  }

  /** A login with an invalid URL matches no registry. It is kept, but never sent. */
  #canonical(registry: string): string {
    try {
      return canonicalRegistry(registry, 'credentials.json')
    } catch {
      return registry
    }
  }

  /** Writes in an order in which a kill at any point loses no login. */
  async #write(lock: HeldLock, login: StoredLogin): Promise<void> {
    const latest = await this.#readLatest()
    lock.assertHeld()
    if (latest && latest.registry !== login.registry) {
      const rest = (await this.#readSessions()).filter((each) => each.registry !== latest.registry)
      await this.#writeSessions([...rest, latest])
    }
    await this.#folder.replace('credentials', toRecord(login))
    await this.#removeFromSessions(login.registry)
  }

  /** Replaces a login in the file that contains it, without making it the last login. */
  async #rewrite(lock: HeldLock, login: StoredLogin): Promise<void> {
    lock.assertHeld()
    if ((await this.#readLatest())?.registry === login.registry) {
      await this.#folder.replace('credentials', toRecord(login))
    } else {
      const rest = (await this.#readSessions()).filter((each) => each.registry !== login.registry)
      await this.#writeSessions([...rest, toRecord(login)])
    }
  }

  async #remove(lock: HeldLock, registry: string): Promise<void> {
    lock.assertHeld()
    if ((await this.#readLatest())?.registry === registry) await this.#folder.remove('credentials')
    await this.#removeFromSessions(registry)
  }

  async #removeFromSessions(registry: string): Promise<void> {
    const sessions = await this.#readSessions()
    const rest = sessions.filter((each) => each.registry !== registry)
    if (rest.length < sessions.length) await this.#writeSessions(rest)
  }

  async #writeSessions(records: LoginRecord[]): Promise<void> {
    if (records.length === 0) return this.#folder.remove('sessions')
    const sessions = Object.fromEntries(records.map((each) => [each.registry, each]))
    await this.#folder.replace('sessions', {sessions})
  }
}

/** The paths of the files, for messages. */
const latestFile = '~/.apkg/credentials.json'
const sessionsFile = '~/.apkg/sessions.json'

function fromRecord({registry, accessToken, refreshToken, username}: LoginRecord): StoredLogin {
  return {registry, accessToken: new Secret(accessToken), refreshToken: new Secret(refreshToken), username}
}

function toRecord({registry, accessToken, refreshToken, username}: StoredLogin): LoginRecord {
  return {registry, accessToken: accessToken.expose(), refreshToken: refreshToken.expose(), username}
}

function isLoginRecord(value: unknown): value is LoginRecord {
  if (!isJsonObject(value)) return false
  const {registry, accessToken, refreshToken, username} = value
  const areStrings = [registry, accessToken, refreshToken, username].every((each) => typeof each === 'string')
  return areStrings && accessToken !== ''
}

function isSessionsFile(value: unknown): value is SessionsFile {
  if (!isJsonObject(value) || !isJsonObject(value['sessions'])) return false
  const entries = Object.entries(value['sessions'])
  return entries.every(([registry, login]) => isLoginRecord(login) && login.registry === registry)
}
