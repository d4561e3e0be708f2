import {rm} from 'node:fs/promises'
import path from 'node:path'

import {hasCode, printable, refusalBehind, type RegistryClient} from '@apkg/command-kit'
import type {Packument} from '@apkg/wire/protocol'

import {readUnlinkedSync} from '../../files/read-bounded-sync.js'
import {failure} from '../failures.js'
import {packumentPath} from './cache-path.js'
import {putFile} from './cached-file.js'
import {PackumentSeal} from './packument-seal.js'

/** Bytes. Responses have at most half of it. */
const maxSize = 16 * 1024 * 1024

interface CachedPackument {
  registry: string
  etag?: string
  packument: Packument
}

/**
 * Packuments, cached to be revalidated instead of downloaded again, and for offline use. They are sealed: one that was
 * changed, or that another user's apkg wrote, is treated as absent.
 */
export class PackumentCache {
  readonly #seal: PackumentSeal

  /** @param home the user's home directory, which has the key of the seal. */
  constructor(
    readonly folder: string,
    home: string,
  ) {
    this.#seal = new PackumentSeal(home)
  }

  /**
   * The current packument of a package; offline, the cached one. A cache that is damaged, or can't be read or written, is
   * treated as empty.
   *
   * @throws {ApkgError} `PACKAGE_NOT_FOUND`; `OFFLINE` if it isn't cached; `BAD_RESPONSE` if the registry returns another
   *   package; the errors of the client.
   */
  async load(client: RegistryClient, name: string): Promise<Packument> {
    const {registry} = client
    const file = path.join(this.folder, packumentPath(registry, name))
    const cached = await this.#read(file, registry, name)
    const purpose = `look up ${printable(name)}`
    try {
      const response = await client.callIfChanged('getPackage', {params: {name}}, cached?.etag, {purpose})
      if (response.changed) {
        const {response: packument, etag} = response
        if (packument.name !== name) throw badResponse(registry, 'the response is for a different package')
        await this.#save(file, {registry, ...(etag !== undefined && {etag}), packument})
        return packument
      }
    } catch (error) {
      if (hasCode(error, 'OFFLINE')) {
        if (cached) return cached.packument
        throw failure('OFFLINE', {purpose}, {cause: error})
      }
      const refusal = refusalBehind(error)
      if (refusal?.status !== 404) throw error
      await rm(file, {force: true}).catch(() => undefined)
      const isAnonymous = client.credential === undefined
      throw failure('PACKAGE_NOT_FOUND', {name, registry, reason: refusal.reason, isAnonymous}, {cause: refusal})
    }
    if (cached) return cached.packument
    throw badResponse(registry, 'it responded "not modified" to an unconditional request')
  }

  /** Removes a packument, so that the next request for it is a full one. */
  async forget(registry: string, name: string): Promise<void> {
    await rm(path.join(this.folder, packumentPath(registry, name)), {force: true}).catch(() => undefined)
  }

  /** The cached packument; undefined if there is none. */
  async cached(registry: string, name: string): Promise<Packument | undefined> {
    return (await this.#read(path.join(this.folder, packumentPath(registry, name)), registry, name))?.packument
  }

  async #save(file: string, content: CachedPackument): Promise<void> {
    try {
      await putFile(file, [Buffer.from(await this.#seal.seal(JSON.stringify(content)))])
    } catch (error) {
      if (!hasCode(error, 'FILE_UNWRITABLE')) throw error
    }
  }

  async #read(file: string, registry: string, name: string): Promise<CachedPackument | undefined> {
    try {
      const text = await this.#seal.unseal(readUnlinkedSync(file, maxSize).toString('utf8'))
      const cached = text === undefined ? null : (JSON.parse(text) as Partial<CachedPackument> | null)
      if (cached?.registry !== registry || cached.packument?.name !== name) return undefined
      return {...cached, registry, packument: cached.packument}
    } catch {
      return undefined
    }
  }
}

function badResponse(registry: string, reason: string): Error {
  return failure('BAD_RESPONSE', {purpose: 'fetch package metadata', registry, reason})
}
