import type {FastifyBaseLogger} from 'fastify'

import type {BlobStore} from '../blobs/blob-store.js'
import {RegistryMoved} from '../store/store-errors.js'
import type {ChainHead, RegistryStore} from '../store/store.js'

export interface HeadCheckOptions {
  store: Pick<RegistryStore, 'auditChain' | 'policy'>
  blobs: Pick<BlobStore, 'readHead' | 'writeHead'>
  log: Pick<FastifyBaseLogger, 'error' | 'warn' | 'info'>
}

/**
 * Why a registry must not serve its database. `behind`: the chain of the audit log ends before the copy of its head, or
 * is a different one. `unreadable`: the copy can't be read. `moved`: the registry was or is being moved to another
 * database.
 */
export type HeadProblem = 'behind' | 'unreadable' | 'moved'

/**
 * Detects that a database was rolled back, for example because its file was replaced with an old copy. Otherwise,
 * revoked tokens would work again. The head of the audit log's chain is copied to the blob store, and every later state
 * of the database contains it.
 */
export class HeadCheck {
  /** Undefined: not read yet. */
  #known: {head: ChainHead | undefined} | undefined
  #problem: HeadProblem | undefined

  constructor(private readonly options: HeadCheckOptions) {}

  get problem(): HeadProblem | undefined {
    return this.#problem
  }

  /** Compares the chain with the copy of its head. @returns whether the database can be served. */
  async check(): Promise<boolean> {
    const {store, log} = this.options
    const before = this.#problem
    if (before !== undefined || !this.#known) this.#known = await this.#read()
    const head = this.#known?.head
    if (await this.#isMoved()) this.#problem = 'moved'
    else if (!this.#known) this.#problem = 'unreadable'
    else this.#problem = head === undefined || (await store.auditChain.contains(head)) ? undefined : 'behind'
    if (this.#problem !== before) {
      if (this.#problem === undefined) log.info('the database was accepted; serving requests')
      else log.error({copied: head, found: await store.auditChain.head()}, explanations[this.#problem])
    }
    return this.#problem === undefined
  }

  async #isMoved(): Promise<boolean> {
    try {
      await this.options.store.policy.read()
      return false
    } catch (error) {
      if (error instanceof RegistryMoved) return true
      throw error
    }
  }

  /** Copies the head if it has moved. */
  async copy(): Promise<void> {
    const {store, blobs} = this.options
    const head = await store.auditChain.head()
    if (!head || !this.#known || head.position === this.#known.head?.position) return
    await blobs.writeHead(head)
    this.#known = {head}
  }

  async #read(): Promise<{head: ChainHead | undefined} | undefined> {
    try {
      return {head: await this.options.blobs.readHead()}
    } catch (error) {
      if (this.#problem === undefined)
        this.options.log.warn({err: error}, "failed to read the copy of the audit log's head")
      return undefined
    }
  }
}

const explanations: Record<HeadProblem, string> = {
  behind:
    "the database is older than the copy of the audit log's head, or is a different one; refusing all requests until `apkg registry recovered` is run",
  moved: 'the registry was or is being moved to another database; refusing all requests',
  unreadable:
    "the copy of the audit log's head cannot be read; refusing all requests until it can, or until `apkg registry recovered` is run",
}
