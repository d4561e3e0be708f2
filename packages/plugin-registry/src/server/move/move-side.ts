import {setTimeout as sleep} from 'node:timers/promises'

import type {BlobStore} from '../blobs/blob-store.js'
import type {CollectionPause} from '../backup/pause-collection.js'
import {formatMark, markName, type MoveMark, parseMark} from '../store/move-mark.js'
import {first, type OpenTransaction, run} from '../store/port.js'
import {tables} from '../store/rules/tables.js'
import {StoreBusy} from '../store/store-errors.js'

/** Another command canceled the move, or runs it too, and so changed the mark. */
export class MoveCanceled extends Error {
  override readonly name = 'MoveCanceled'
}

/** A transaction that reads or writes everything, or only sets the mark. */
export type TransactionKind = 'read' | 'settled' | 'write' | 'mark'

interface Side {
  /** The data directory, or the URL of the database. */
  name: string
  /** The key for encrypted columns. */
  sealingKey: Uint8Array
  /**
   * `settled`: reads a snapshot with every change that began before the mark was set. `mark`: conflicts with changes
   * that began before it.
   */
  begin(kind: TransactionKind): Promise<OpenTransaction>
  openBlobs(): BlobStore
}

export interface MoveSource extends Side {
  /** The registry's secret key. */
  key: Uint8Array
  /** Keeps tarballs from being deleted. Not while the registry is closed: nothing is deleted then. */
  pauseCollection(move: string): Promise<CollectionPause>
}

export interface MoveTarget extends Side {
  /** Whether it has the mark of a move. */
  readMark(): Promise<MoveMark | undefined>
  /**
   * Claims it for a move, or again for the same one.
   *
   * @throws {FolderNotEmpty | DatabaseInUse}
   */
  prepare(id: string): Promise<void>
  /** Replaces all rows in one transaction. */
  replaceRows(write: (transaction: OpenTransaction) => Promise<void>): Promise<void>
}

/** How often to try, if other transactions conflict. */
const attempts = 10

export async function readMark({ask}: OpenTransaction): Promise<MoveMark | undefined> {
  const rows = tables.selectFrom('policy').select('value').where('name', '=', markName)
  return parseMark((await ask(first(rows)))?.value)
}

export async function readMarkOf(side: Pick<Side, 'begin'>): Promise<MoveMark | undefined> {
  const transaction = await side.begin('read')
  try {
    return await readMark(transaction)
  } finally {
    await transaction.close()
  }
}

export async function writeMark({ask}: OpenTransaction, mark: MoveMark): Promise<void> {
  const value = formatMark(mark)
  const row = tables.insertInto('policy').values({name: markName, value})
  await ask(run(row.onConflict((conflict) => conflict.column('name').doUpdateSet({value}))))
}

/**
 * Changes the mark in a transaction of its own.
 *
 * @param next gets the current mark, and returns the new one, or undefined to leave it
 * @returns whether it was changed
 */
export async function changeMark(
  side: Pick<Side, 'begin'>,
  next: (found: MoveMark | undefined) => MoveMark | undefined,
): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    const transaction = await side.begin('mark')
    try {
      const value = next(await readMark(transaction))
      if (value === undefined) return false
      await writeMark(transaction, value)
      await transaction.commit()
      return true
    } catch (error) {
      if (!(error instanceof StoreBusy) || attempt === attempts) throw error
    } finally {
      await transaction.close()
    }
    await sleep(50 * attempt)
  }
}

/** @throws {MoveCanceled} if the mark isn't `from` */
export async function replaceMark(side: Pick<Side, 'begin'>, from: MoveMark | undefined, to: MoveMark): Promise<void> {
  await changeMark(side, (found) => {
    assertSameMark(found, from)
    return to
  })
}

/** @throws {MoveCanceled} */
export function assertSameMark(found: MoveMark | undefined, expected: MoveMark | undefined): void {
  if (found?.state !== expected?.state || found?.id !== expected?.id || found?.copy !== expected?.copy) {
    throw new MoveCanceled()
  }
}
