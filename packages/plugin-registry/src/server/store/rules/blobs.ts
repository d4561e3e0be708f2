import type {BlobIndex, IndexedBlob} from '../blob-index.js'
import {all, first, type Port, type Rule, run, statement, type Step, together} from '../port.js'
import type {VersionDraft} from '../store.js'
import {type Lease, releaseLease, takeLease} from './leases.js'
import {tables} from './tables.js'

/** How many blobs are marked at a time. A longer transaction would delay other changes. */
const batch = 100

/** How many rows one statement inserts or looks up. Databases limit the number of parameters. */
const maxRows = 100

/** Held by a collection, or by a backup, which needs the bytes that its snapshot refers to. */
const lease: Lease = {name: 'blobs', duration: 60_000}

const findLive = statement<IndexedBlob>(`SELECT key, size FROM blobs WHERE sha256 = ?1 AND state = 'live'`)

const isUnused = `NOT EXISTS (SELECT 1 FROM versions v WHERE v.sha256 = blobs.sha256 AND v.taken_down_at IS NULL)`

const markUnused = statement(`
  UPDATE blobs SET state = 'deleting' WHERE key IN (
    SELECT key FROM blobs
    WHERE unreferenced_at <= ?1 AND state <> 'deleting' AND (state = 'replaced' OR ${isUnused})
    ORDER BY unreferenced_at, key LIMIT ?2)`)

const findMarked = statement<IndexedBlob>(`
  SELECT key, size FROM blobs WHERE unreferenced_at IS NOT NULL AND state = 'deleting'
  ORDER BY unreferenced_at, key LIMIT ?1`)

/** Starts the grace period of the blobs that a version was the last to need. */
const startGrace = statement(`
  UPDATE blobs SET unreferenced_at = ?2
  WHERE sha256 = ?1 AND state = 'live' AND unreferenced_at IS NULL AND ${isUnused}`)

export function createBlobIndex(port: Port): BlobIndex {
  return {
    find: (sha256) => port.ask(first(findLive(sha256))),

    async anyKey() {
      const live = tables.selectFrom('blobs').select('key').where('state', '=', 'live').limit(1)
      return (await port.ask(first(live)))?.key
    },

    async known(keys) {
      if (keys.length === 0) return new Set()
      const rows = tables.selectFrom('blobs').select('key')
      const steps = chunks(keys).map((chunk) => all(rows.where('key', 'in', chunk)))
      const found = (await port.ask(together(steps))) as {key: string}[][]
      return new Set(found.flat().map(({key}) => key))
    },

    markUnused: (holder, since, now) =>
      port.write(function* (): Rule<IndexedBlob[] | undefined> {
        if (!(yield* takeLease(lease, holder, now))) return undefined
        const [, marked] = yield* together([run(markUnused(since, batch)), all(findMarked(batch))])
        return marked.map(({key, size}) => ({key, size}))
      }),

    forget: (keys) =>
      port.write(function* () {
        const rows = tables.deleteFrom('blobs').where('state', '=', 'deleting')
        yield* together(chunks(keys).map((chunk) => run(rows.where('key', 'in', chunk))))
      }),

    pauseCollection: (holder, now) =>
      port.write(function* () {
        return yield* takeLease(lease, holder, now)
      }),

    release: (holder) =>
      port.write(function* () {
        yield* releaseLease(lease, holder)
      }),

    relocate: (blobs) =>
      port.write(function* () {
        const rows = blobs.map((blob) => ({...blob, state: 'live' as const, unreferenced_at: null}))
        yield* together([
          run(tables.deleteFrom('blobs')),
          // A backup was made while it held a lease, which its copy would have to wait for.
          run(tables.deleteFrom('leases')),
          ...chunks(rows).map((chunk) => run(tables.insertInto('blobs').values(chunk))),
        ])
      }),
  }
}

/**
 * Finds what to write so that the bytes of a version are those of a live blob, in the transaction that adds the version.
 *
 * @returns undefined if the blob that the version should share is being deleted, or already is
 */
export function* placeBlob({sha256, size, blob}: VersionDraft, now: number): Rule<Step<number>[] | undefined> {
  const {key, isNew, replaces} = blob
  const rows = tables.selectFrom('blobs').select(['key', 'unreferenced_at'])
  const live = yield* first(rows.where('sha256', '=', sha256).where('state', '=', 'live'))
  if (!isNew && live?.key !== key) return undefined
  if (live && (!isNew || live.key !== replaces)) {
    const kept = tables.updateTable('blobs').set({unreferenced_at: null}).where('key', '=', live.key)
    return live.unreferenced_at === null ? [] : [run(kept)]
  }
  const replaced = {state: 'replaced' as const, unreferenced_at: now}
  const added = {key, sha256, size, state: 'live' as const, unreferenced_at: null}
  return [
    ...(live ? [run(tables.updateTable('blobs').set(replaced).where('key', '=', live.key))] : []),
    run(tables.insertInto('blobs').values(added)),
  ]
}

/** Starts the grace period of blobs that no available version needs anymore. */
export function* releaseBlobs(hashes: readonly string[], now: number): Rule<void> {
  yield* together([...new Set(hashes)].map((sha256) => run(startGrace(sha256, now))))
}

function chunks<Item>(items: readonly Item[]): Item[][] {
  const count = Math.ceil(items.length / maxRows)
  return Array.from({length: count}, (_, index) => items.slice(index * maxRows, (index + 1) * maxRows))
}
