import {type ApkgError, failure as usage, isApkgError, type Output, progressOn} from '@apkg/command-kit'

import {LostBlob} from '../server/backup/make-backup.js'
import {BlobsInUse} from '../server/backup/stage-restore.js'
import {cancelMove, MovedElsewhere, moveRegistry as move, type MoveStep} from '../server/move/move-registry.js'
import {MoveCanceled} from '../server/move/move-side.js'
import {DatabaseInUse} from '../server/store/copy/unused-registry.js'
import {blobFailure, tarballLost, toDataFailure} from './data-failure.js'
import {databaseFailure} from './database-failure.js'
import {failure} from './failures.js'
import {type MoveDestination, openMoveSource, openMoveTarget} from './move-sides.js'
import {openScratch} from './open-scratch.js'
import type {Place} from './place.js'

/** The move of a registry. */
export interface MoveSummary {
  /** `already-moved`: by an earlier run. `canceled`: the old place is served again. `not-moving`: there was no move to cancel. */
  status: 'moved' | 'already-moved' | 'canceled' | 'not-moving'
  /** The data directory, or the URL of the database. */
  from: string
  /** The data directory, or the URL of the database; null if the move was canceled. */
  to: string | null
  /** Number of rows that were copied. */
  rows: number
  /** Number of tarballs that were copied or compared. */
  blobs: number
  /** Total size of these tarballs, in bytes. */
  bytes: number
}

interface MoveHooks {
  /** Asks whether to close the registry. */
  beforeClosing: () => Promise<void>
  stderr: Output
  onStep?: (step: MoveStep) => void
}

/** @throws {ApkgError} `USAGE`, `REGISTRY_*`, `BACKUP_BUSY`, `BACKUP_WITHIN_DATA` */
export async function moveRegistry(place: Place, to: MoveDestination, hooks: MoveHooks): Promise<MoveSummary> {
  if (to.data === undefined && to.database === undefined) {
    throw usage('USAGE', {
      message: 'The place to move the registry to is missing',
      suggestions: ['pass --to-database and --to-blobs, or --to-data'],
    })
  }
  return withScratch(place, to, async (scratch) => {
    const source = await openMoveSource(place, to, scratch)
    const target = await openMoveTarget(to, source.key, scratch, place)
    const bars = progressBars(hooks.stderr)
    try {
      const {isRepeated, ...counts} = await move({
        ...{source, target, now: place.ports.now, ...hooks, ...bars},
        keepsBlobs: to.blobs !== undefined && to.blobs === place.flags.blobs,
      })
      return {status: isRepeated ? 'already-moved' : 'moved', from: source.name, to: target.name, ...counts}
    } finally {
      await bars.end()
    }
  })
}

/** @throws {ApkgError} `REGISTRY_*` */
export async function cancelMoveOf(place: Place): Promise<MoveSummary> {
  return withScratch(place, {}, async (scratch) => {
    const source = await openMoveSource(place, {}, scratch)
    const isCanceled = await cancelMove(source)
    const status = isCanceled ? 'canceled' : 'not-moving'
    return {status, from: source.name, to: null, rows: 0, blobs: 0, bytes: 0}
  })
}

/** Shows how many tarballs are done. Rows have no known total, so they only have a count afterwards. */
function progressBars(output: Output) {
  let bar: ReturnType<typeof progressOn> | undefined
  let shown = 0
  return {
    onBlobs({done, total}: {done: number; total: number}) {
      bar ??= progressOn(output, {title: 'Copying tarballs', total})
      for (; shown < done; shown++) bar.advance()
    },
    onRows: () => undefined,
    end: async () => bar?.end(),
  }
}

async function withScratch<Result>(
  place: Place,
  to: MoveDestination,
  work: (scratch: string) => Promise<Result>,
): Promise<Result> {
  const scratch = await openScratch()
  try {
    return await work(scratch.folder)
  } catch (error) {
    throw toMoveFailure(error, place, to)
  } finally {
    scratch.release()
  }
}

function toMoveFailure(error: unknown, {flags}: Place, to: MoveDestination): ApkgError {
  for (let cause = error; cause instanceof Error; cause = cause.cause) if (isApkgError(cause)) return cause
  const place = to.data ?? to.database ?? flags.data ?? flags.database ?? ''
  if (error instanceof DatabaseInUse) return failure('REGISTRY_DATABASE_IN_USE', {database: to.database ?? place})
  if (error instanceof BlobsInUse) return failure('REGISTRY_BLOBS_IN_USE', {blobs: to.blobs ?? place})
  if (error instanceof MovedElsewhere) return failure('REGISTRY_MOVED_ELSEWHERE', {place})
  if (error instanceof MoveCanceled) return failure('REGISTRY_MOVE_CANCELED', {place})
  if (error instanceof LostBlob) return tarballLost(error, flags)
  const involvesDatabase = flags.database !== undefined || to.database !== undefined
  const ofDatabase = involvesDatabase
    ? databaseFailure(error, {...flags, database: to.database ?? flags.database})
    : undefined
  return blobFailure(error, place) ?? ofDatabase ?? toDataFailure(error, flags.data ?? place)
}
