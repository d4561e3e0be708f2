import {readFile, rm} from 'node:fs/promises'
import path from 'node:path'

import {hasCode, refusalBehind, type RegistryClient} from '@apkg/command-kit'
import type {Packument} from '@apkg/wire/protocol'

import {failure} from '../failures.js'
import {packumentPath} from './cache-path.js'
import {putFile} from './cached-file.js'

/** A packument as it is kept. */
interface KeptPackument {
  registry: string
  etag?: string
  packument: Packument
}

/** What registries told of packages, kept to be asked for again only where it has changed, and for work offline. */
export class PackumentCache {
  constructor(readonly folder: string) {}

  /**
   * What the registry tells of a package now; offline, what it told the last time. A cache that cannot be read or
   * written, or is damaged, has nothing and keeps nothing.
   *
   * @throws {ApkgError} `PACKAGE_NOT_FOUND`; `OFFLINE` where the cache does not have it; `BAD_ANSWER` where the registry
   *   tells of another package; what the client throws.
   */
  async load(client: RegistryClient, name: string): Promise<Packument> {
    const {registry} = client
    const file = path.join(this.folder, packumentPath(registry, name))
    const kept = await readKept(file, registry, name)
    try {
      const answer = await client.callIfChanged('getPackage', {params: {name}}, kept?.etag)
      if (answer.changed) {
        const {answer: packument, etag} = answer
        if (packument.name !== name) throw badAnswer(registry, 'it is about another package')
        await keep(file, {registry, ...(etag !== undefined && {etag}), packument})
        return packument
      }
    } catch (error) {
      if (hasCode(error, 'OFFLINE')) {
        if (kept) return kept.packument
        throw failure('OFFLINE', {purpose: `fetch the metadata of ${name}`}, {cause: error})
      }
      const refusal = refusalBehind(error)
      if (refusal?.status !== 404) throw error
      await rm(file, {force: true}).catch(() => undefined)
      const isAnonymous = client.credential === undefined
      throw failure('PACKAGE_NOT_FOUND', {name, registry, reason: refusal.reason, isAnonymous}, {cause: refusal})
    }
    if (kept) return kept.packument
    throw badAnswer(registry, 'it says that nothing has changed, and was not asked that')
  }

  /** What the registry told of a package the last time; undefined where the cache does not have it. */
  async kept(registry: string, name: string): Promise<Packument | undefined> {
    return (await readKept(path.join(this.folder, packumentPath(registry, name)), registry, name))?.packument
  }
}

function badAnswer(registry: string, reason: string): Error {
  return failure('BAD_ANSWER', {purpose: 'fetch package metadata', registry, reason})
}

async function keep(file: string, content: KeptPackument): Promise<void> {
  try {
    await putFile(file, [Buffer.from(JSON.stringify(content))])
  } catch (error) {
    if (!hasCode(error, 'FILE_UNWRITABLE')) throw error
  }
}

async function readKept(file: string, registry: string, name: string): Promise<KeptPackument | undefined> {
  try {
    const kept = JSON.parse(await readFile(file, 'utf8')) as Partial<KeptPackument> | null
    if (kept?.registry !== registry || kept.packument?.name !== name) return undefined
    return {...kept, registry, packument: kept.packument}
  } catch {
    return undefined
  }
}
