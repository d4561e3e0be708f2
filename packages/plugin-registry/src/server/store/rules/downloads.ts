import {setImmediate as nextTurn} from 'node:timers/promises'

import {type DownloadStore, maxMostInstalled} from '../download-store.js'
import {all, first, type Port, run, statement} from '../port.js'
import {type Lease, releaseLease, takeLease} from './leases.js'
import {tables} from './tables.js'

/** Longer than the time between two refreshes, so that one process does them all. */
const lease: Lease = {name: 'most-installed', duration: 15 * 60_000}

/** How many packages a step reads. A step blocks the event loop on an embedded database. */
const packagesPerStep = 250

/** How many rows are inserted at a time. */
const rowsPerInsert = 500

const addDownloads = statement({dialect: 'addDownloads'})

const findDays = statement<{day: number; count: number}>(`
  SELECT d.day, d.count FROM downloads d JOIN packages p ON p.id = d.package_id
  WHERE p.name = ?1 AND d.day >= ?2 ORDER BY d.day`)

const findOther = statement(`SELECT 1 FROM leases WHERE name = ?1 AND holder <> ?2 AND expires_at > ?3`)

const sumStep = statement<Installed>(`
  SELECT p.id, p.name, p.scope, p.visibility, CAST(sum(d.count) AS bigint) AS downloads
  FROM packages p JOIN downloads d ON d.package_id = p.id
  WHERE p.id IN (SELECT id FROM packages WHERE id > ?1 ORDER BY id LIMIT ?2) AND d.day >= ?3
  GROUP BY p.id, p.name, p.scope, p.visibility`)

const findEnd = statement<{last: number | null; seen: number}>(`
  SELECT max(id) AS last, count(*) AS seen FROM (SELECT id FROM packages WHERE id > ?1 ORDER BY id LIMIT ?2) step`)

const findListed = statement<{id: number; downloads: number}>('SELECT package_id AS id, downloads FROM most_installed')

interface Installed {
  id: number
  name: string
  scope: string
  visibility: 'public' | 'private'
  downloads: number
}

export function createDownloads(port: Port): DownloadStore {
  return {
    async add(downloads) {
      const rows = downloads.map(({name, day, count}) => [name, day, count])
      await port.write(() => run(addDownloads(JSON.stringify(rows)))[Symbol.iterator]())
    },

    async of(name, since) {
      return (await port.ask(all(findDays(name, since)))).map(({day, count}) => ({day, count}))
    },

    async refreshMostInstalled(holder, since, now) {
      if ((await port.ask(first(findOther(lease.name, holder, now)))) !== undefined) return
      const wanted = await findMostInstalled(port, since)
      const listed = await port.ask(all(findListed()))
      const isSame = listed.length === wanted.size && listed.every(({id, downloads}) => wanted.get(id) === downloads)
      if (isSame) return
      await port.write(function* () {
        if (!(yield* takeLease(lease, holder, now))) return
        yield* run(tables.deleteFrom('most_installed'))
        const rows = [...wanted].map(([id, downloads]) => ({package_id: id, downloads}))
        for (let start = 0; start < rows.length; start += rowsPerInsert) {
          yield* run(tables.insertInto('most_installed').values(rows.slice(start, start + rowsPerInsert)))
        }
      })
    },

    release: (holder) =>
      port.write(function* () {
        yield* releaseLease(lease, holder)
      }),
  }
}

/**
 * Finds the packages with the most downloads among the public ones, and among the private ones of each scope. So every
 * reader's list is complete, and doesn't depend on packages that the reader can't see.
 *
 * @returns downloads by package
 */
async function findMostInstalled(port: Port, since: number): Promise<Map<number, number>> {
  const audiences = new Map<string, Installed[]>()
  for (let after: number | null = 0; after !== null;) {
    const [end, found]: [{last: number | null; seen: number} | undefined, Installed[]] = await Promise.all([
      port.ask(first(findEnd(after, packagesPerStep))),
      port.ask(all(sumStep(after, packagesPerStep, since))),
    ])
    for (const each of found) {
      const audience = each.visibility === 'public' ? '' : each.scope
      audiences.set(audience, [...(audiences.get(audience) ?? []), each])
    }
    for (const [audience, packages] of audiences) audiences.set(audience, topOf(packages))
    after = end && end.seen === packagesPerStep ? end.last : null
    await nextTurn()
  }
  return new Map([...audiences.values()].flat().map(({id, downloads}) => [id, downloads]))
}

function topOf(packages: readonly Installed[]): Installed[] {
  const byDownloads = packages.toSorted((a, b) => b.downloads - a.downloads || (a.name < b.name ? -1 : 1))
  return byDownloads.slice(0, maxMostInstalled)
}
