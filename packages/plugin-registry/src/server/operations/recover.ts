import {randomUUID} from 'node:crypto'
import {setTimeout as sleep} from 'node:timers/promises'

import {BlobsUnavailable} from '../blobs/blobs-unavailable.js'
import type {BlobStore, ChainHead} from '../blobs/blob-store.js'
import {operator, type RegistryStore} from '../store/store.js'
import {voidCredentials, type VoidedCredentials} from './void-credentials.js'

export interface Recovery extends VoidedCredentials {
  /** Where the chain of the audit log ended according to the copy of its head. Null: the copy can't be read. */
  known: number | null
  /** Where it ends in the database. Null: it is empty. */
  found: number | null
}

/** In milliseconds. Another process may have stopped while it was sealing. */
const sealTimeout = 15_000

/**
 * Accepts a database that was rolled back. The copy of the head is replaced last, so that nothing is served if this is
 * interrupted.
 *
 * @returns undefined if the database is not older than the copy of the head.
 */
export async function recover(
  {store, blobs}: {store: RegistryStore; blobs: Pick<BlobStore, 'readHead' | 'writeHead'>},
  clock: () => Date,
): Promise<Recovery | undefined> {
  const known = await readKnownHead(blobs)
  if (known === undefined) return undefined
  if (known !== 'unreadable' && (await store.auditChain.contains(known))) return undefined
  const positions = {
    known: known === 'unreadable' ? null : known.position,
    found: (await store.auditChain.head())?.position ?? null,
  }
  const voided = await voidCredentials(store, clock().getTime())
  await store.audit.recordRecovery(positions, operator, clock().getTime())
  await blobs.writeHead(await sealAll(store, clock))
  return {...positions, ...voided}
}

async function readKnownHead(blobs: Pick<BlobStore, 'readHead'>): Promise<ChainHead | 'unreadable' | undefined> {
  try {
    return await blobs.readHead()
  } catch (error) {
    if (error instanceof BlobsUnavailable) throw error
    return 'unreadable'
  }
}

/** @returns the new head. */
async function sealAll({auditChain}: RegistryStore, clock: () => Date): Promise<ChainHead> {
  const holder = randomUUID()
  const deadline = Date.now() + sealTimeout
  for (;;) {
    while ((await auditChain.seal(holder, clock().getTime())) > 0);
    const {unsealed} = await auditChain.verify(undefined)
    const head = await auditChain.head()
    if (unsealed === 0 && head) {
      await auditChain.release(holder)
      return head
    }
    if (Date.now() > deadline) throw new Error('another process is sealing the audit log')
    await sleep(200)
  }
}
