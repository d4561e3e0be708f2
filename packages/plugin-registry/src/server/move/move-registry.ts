import {randomUUID} from 'node:crypto'

import {BlobsInUse} from '../backup/stage-restore.js'
import {assertOwnKey} from '../blobs/own-blobs.js'
import {copyRows} from '../store/copy/copy-rows.js'
import type {Row} from '../store/copy/read-rows.js'
import {markName, type MoveMark} from '../store/move-mark.js'
import {first, type OpenTransaction, run} from '../store/port.js'
import {recordChange} from '../store/rules/audit.js'
import {tables} from '../store/rules/tables.js'
import {RegistryMoved} from '../store/store-errors.js'
import {operator} from '../store/store.js'
import {type BlobProgress, MovedBlobs} from './move-blobs.js'
import {
  assertSameMark,
  changeMark,
  type MoveSource,
  type MoveTarget,
  readMarkOf,
  replaceMark,
  writeMark,
} from './move-side.js'

/** The registry was moved, but not to this place. */
export class MovedElsewhere extends Error {
  override readonly name = 'MovedElsewhere'
}

export interface MoveOptions {
  source: MoveSource
  target: MoveTarget
  /** Whether the tarballs stay where they are. */
  keepsBlobs: boolean
  /** Called before the source stops serving. Can throw to prevent it. */
  beforeClosing: () => Promise<void>
  onBlobs: (progress: BlobProgress) => void
  onRows: (rows: number) => void
  /** Called after each step is durable. */
  onStep?: (step: MoveStep) => void
  now: () => Date
}

export type MoveStep = 'blobs' | 'closed' | 'rows' | 'moved'

export interface MovedRegistry {
  /** Whether it had been moved before. Then nothing else is known. */
  isRepeated: boolean
  rows: number
  blobs: number
  bytes: number
}

/**
 * Moves a registry. Tarballs are copied while it is served. Then it is closed, and all rows are copied from one snapshot
 * in one transaction. The target is opened once the source says that it was moved, so that never both are. If this is
 * interrupted, it can be called again.
 *
 * @throws {MovedElsewhere | MoveCanceled | FolderNotEmpty | DatabaseInUse | BlobsInUse | LostBlob | CopyDiffers}
 */
export async function moveRegistry(options: MoveOptions): Promise<MovedRegistry> {
  const {source, target, onStep} = options
  const known = await readMarkOf(source)
  if (known?.state === 'moved') {
    await finish(known, target)
    return {isRepeated: true, rows: 0, blobs: 0, bytes: 0}
  }
  if (known?.state === 'arriving') throw new RegistryMoved(false)
  // An `arrived` mark is that of an earlier move to here.
  const id = known === undefined || known.state === 'arrived' ? randomUUID() : known.id
  // A target can have the rows of an earlier run, which was canceled.
  const copy = randomUUID()
  const closed: MoveMark = {state: 'moving', id, copy}
  await target.prepare(id)
  const blobs = options.keepsBlobs ? undefined : await openMovedBlobs(options)
  if (known?.state === 'moving') await replaceMark(source, known, closed)
  else {
    const copying: MoveMark = {state: 'copying', id, copy}
    await replaceMark(source, known, copying)
    const pause = await source.pauseCollection(id)
    try {
      await copyBlobs(options, blobs, 'read')
      onStep?.('blobs')
      await options.beforeClosing()
      await replaceMark(source, copying, closed)
    } finally {
      await pause.release().catch((error: unknown) => {
        // Once the source is closed, the lease can't be released, and nothing waits for it.
        if (!(error instanceof RegistryMoved)) throw error
      })
    }
  }
  onStep?.('closed')
  const rows = await copyAll(options, blobs, closed)
  onStep?.('rows')
  const moved: MoveMark = {state: 'moved', id, copy}
  await replaceMark(source, closed, moved)
  onStep?.('moved')
  await finish(moved, target)
  return {isRepeated: false, rows, blobs: blobs?.count ?? 0, bytes: blobs?.bytes ?? 0}
}

/**
 * Serves the source again, unless it was moved already. A move that is still running fails.
 *
 * @returns whether a move was canceled
 * @throws {MovedElsewhere}
 */
export async function cancelMove(source: Pick<MoveSource, 'begin'>): Promise<boolean> {
  return changeMark(source, (found) => {
    if (found?.state === 'moved') throw new MovedElsewhere()
    return found?.state === 'moving' || found?.state === 'copying' ? {state: 'canceled', id: found.id} : undefined
  })
}

async function openMovedBlobs({source, target}: MoveOptions): Promise<MovedBlobs> {
  const [from, to] = [source.openBlobs(), target.openBlobs()]
  if ((await to.readHead()) !== undefined) throw new BlobsInUse()
  const transaction = await source.begin('read')
  try {
    const live = tables.selectFrom('blobs').select('key').where('state', '=', 'live').limit(1)
    assertOwnKey(from, (await transaction.ask(first(live)))?.key)
  } finally {
    await transaction.close()
  }
  return new MovedBlobs(from, to)
}

async function copyBlobs({source, onBlobs}: MoveOptions, blobs: MovedBlobs | undefined, kind: 'read' | 'settled') {
  if (!blobs) return
  const transaction = await source.begin(kind)
  try {
    await blobs.copy(transaction, onBlobs)
  } finally {
    await transaction.close()
  }
}

async function copyAll(options: MoveOptions, blobs: MovedBlobs | undefined, closed: MoveMark): Promise<number> {
  const {source, target, onRows, onBlobs, now} = options
  const from = await source.begin('settled')
  try {
    // Those that were published in the meantime.
    await blobs?.copy(from, onBlobs)
    let rows = 0
    await target.replaceRows(async (transaction) => {
      const sides = [
        {transaction: from, sealingKey: source.sealingKey},
        {transaction, sealingKey: target.sealingKey},
      ] as const
      const change = (table: string, row: Row) => changedRow(table, row, blobs)
      rows = await copyRows(...sides, {key: source.key, change, onProgress: onRows})
      await addOwnRows(transaction, {...closed, state: 'arriving'}, now().getTime())
      // Rows that can't be used anymore must not replace those of another run.
      assertSameMark(await readMarkOf(source), closed)
    })
    return rows
  } finally {
    await from.close()
  }
}

/** Rows that say where the registry is aren't copied. */
function changedRow(table: string, row: Row, blobs: MovedBlobs | undefined): Row | undefined {
  if (table === 'epoch' || (table === 'policy' && row['name'] === markName)) return undefined
  if (table !== 'blobs') return row
  if (row['state'] !== 'live') return undefined
  const key = blobs ? blobs.newKey(String(row['key'])) : row['key']
  return key === undefined ? undefined : {...row, key}
}

/** Clients and proxies may have cached packages of the source, so their ETags change. */
async function addOwnRows(target: OpenTransaction, value: MoveMark, now: number): Promise<void> {
  await target.ask(run(tables.insertInto('epoch').values({value: randomUUID()})))
  await writeMark(target, value)
  await target.ask(recordChange({at: now, action: 'registry.move', by: operator, detail: {move: value.id}}))
}

/** @param moved the mark of the source */
async function finish({id, copy}: MoveMark, target: MoveTarget): Promise<void> {
  const found = await target.readMark()
  if (found?.id !== id || found.copy !== copy) throw new MovedElsewhere()
  if (found.state === 'arriving') await replaceMark(target, found, {...found, state: 'arrived'})
}
