import {createHmac} from 'node:crypto'

import type {Selectable} from 'kysely'

import type {AuditChain, ChainHead, ChainProblem} from '../audit-chain.js'
import {deriveKey} from '../derive-key.js'
import {all, first, type Port, type Rule, run, statement, type Step, together} from '../port.js'
import type {Schema} from '../schema.js'
import {type Lease, releaseLease, takeLease} from './leases.js'
import {tables} from './tables.js'

type AuditRow = Selectable<Schema['audit']>

/** A row of the chain, with its row of the audit log unless that is missing. */
type Link = {position: number; mac: Uint8Array; audit_id: number} & {
  [Column in keyof AuditRow]: AuditRow[Column] | null
}

/** How many rows are sealed at a time. A longer transaction would delay other changes. */
const maxSealed = 128

const lease: Lease = {name: 'audit-chain', duration: 10_000}

/** How many rows are verified at a time. */
const pageSize = 1000

/** Names the key of the chain, which is derived from the secret key. */
const chainPurpose = 'apkg audit chain'

interface LastLink {
  position: number
  audit_id: number
  mac: Uint8Array
}

const findLast = statement<LastLink>('SELECT position, audit_id, mac FROM audit_chain ORDER BY position DESC LIMIT 1')

/** Finds the `audit.begin` row, which has the number of earlier rows. A new registry has none. */
const findBeginning = statement<{id: number; detail: string}>(
  `SELECT id, detail FROM audit WHERE action = 'audit.begin' ORDER BY id LIMIT 1`,
)

const findUnsealed = statement<AuditRow>({dialect: 'findUnsealed'})

const addLink = statement({dialect: 'addLink'})

const findLinks = statement<Link>(`
  SELECT c.position, c.mac, c.audit_id,
    a.id, a.at, a.action, a.actor, a.credential_id, a.address, a.agent, a.target, a.detail
  FROM audit_chain c LEFT JOIN audit a ON a.id = c.audit_id
  WHERE c.position > ?1 ORDER BY c.position LIMIT ?2`)

/** Finds rows of the audit log that aren't in the chain, although later ones are. */
const findAdded = statement<{id: number}>({dialect: 'findAdded'})

const countUnsealed = statement<{count: number}>({dialect: 'countUnsealed'})

const countBefore = statement<{count: number}>('SELECT count(*) AS count FROM audit WHERE id < ?1')

export function createAuditChain(port: Port, key: Uint8Array): AuditChain {
  const chainKey = deriveKey(key, chainPurpose)

  function* sealRows(holder: string, now: number): Rule<number> {
    if (!(yield* takeLease(lease, holder, now))) return 0
    const {last, after} = yield* findEnd()
    const rows = yield* all(findUnsealed(after, maxSealed))
    yield* together(linksTo(last, rows, chainKey))
    return rows.length
  }

  return {
    async seal(holder, now) {
      // Usually there is nothing to do. Then nothing is written.
      const last = await port.ask(first(findLast()))
      if ((await port.ask(first(findUnsealed(last?.audit_id ?? 0, 1)))) === undefined) return 0
      return port.write(() => sealRows(holder, now))
    },

    release: (holder) =>
      port.write(function* () {
        yield* releaseLease(lease, holder)
      }),

    async head() {
      const last = await port.ask(first(findLast()))
      return last && toHead(last)
    },

    async contains({position, mac}) {
      const links = tables.selectFrom('audit_chain').select(['position', 'mac']).where('position', '=', position)
      const link = await port.ask(first(links))
      return link !== undefined && toHead(link).mac === mac
    },

    async verify(head) {
      const problems: ChainProblem[] = []
      const beginning = await port.ask(first(findBeginning()))
      let last: LastLink | undefined
      let isHeadFound = head === undefined
      for (;;) {
        const links = await port.ask(all(findLinks(last?.position ?? 0, pageSize)))
        for (const link of links) {
          const expected = (last?.position ?? 0) + 1
          for (let position = expected; position < link.position; position++) problems.push({kind: 'missing', position})
          const problem = problemOf(chainKey, link, last?.mac)
          // After a gap, the previous row's HMAC is unknown.
          if (problem && (problem === 'missing' || link.position === expected)) {
            problems.push({kind: problem, position: link.position})
          }
          if (head?.position === link.position) {
            isHeadFound = true
            if (toHead(link).mac !== head.mac) problems.push({kind: 'replaced', head})
          }
          last = link
        }
        if (links.length < pageSize) break
      }
      if (head && !isHeadFound) problems.push({kind: 'cut', head})
      const start = beginning?.id ?? 1
      const [added, unsealed, before] = await port.ask(
        together([
          all(findAdded(start, pageSize)),
          first(countUnsealed(last?.audit_id ?? start - 1)),
          first(countBefore(start)),
        ]),
      )
      problems.push(...added.map(({id}) => ({kind: 'added' as const, auditId: id})))
      const known = beginning ? (JSON.parse(beginning.detail) as {before: number}).before : 0
      const found = before?.count ?? 0
      if (known !== found) problems.push({kind: 'removed-before', expected: known, found})
      return {sealed: last?.position ?? 0, unsealed: unsealed?.count ?? 0, before: found, problems}
    },
  }
}

/** The last link of the chain, and the row of the audit log after which rows aren't sealed. */
function* findEnd(): Rule<{last: LastLink | undefined; after: number}> {
  const [last, beginning] = yield* together([first(findLast()), first(findBeginning())])
  return {last, after: last?.audit_id ?? (beginning?.id ?? 1) - 1}
}

/** Finds the rows that aren't sealed, in the order in which they would be. */
export function* findAllUnsealed(): Rule<AuditRow[]> {
  const {after} = yield* findEnd()
  return yield* all(findUnsealed(after, Number.MAX_SAFE_INTEGER))
}

/** Seals rows that were found in another copy of the audit log. */
export function* sealFound(rows: readonly AuditRow[], key: Uint8Array): Rule<void> {
  const {last} = yield* findEnd()
  yield* together(linksTo(last, rows, deriveKey(key, chainPurpose)))
}

function linksTo(last: LastLink | undefined, rows: readonly AuditRow[], chainKey: Uint8Array): Step<number>[] {
  let mac = last?.mac
  return rows.map((row, index) => {
    const position = (last?.position ?? 0) + index + 1
    mac = macOf(chainKey, position, mac, row)
    return run(addLink(position, row.id, mac))
  })
}

function toHead({position, mac}: {position: number; mac: Uint8Array}): ChainHead {
  return {position, mac: Buffer.from(mac).toString('base64')}
}

function problemOf(key: Uint8Array, link: Link, previous: Uint8Array | undefined): 'changed' | 'missing' | undefined {
  if (link.id === null) return 'missing'
  const mac = macOf(key, link.position, previous, link as AuditRow)
  return Buffer.from(link.mac).equals(mac) ? undefined : 'changed'
}

function macOf(key: Uint8Array, position: number, previous: Uint8Array | undefined, row: AuditRow): Uint8Array {
  const content = [
    ...[position, previous === undefined ? null : Buffer.from(previous).toString('base64')],
    ...[row.id, row.at, row.action, row.actor, row.credential_id, row.address, row.agent, row.target, row.detail],
  ]
  return createHmac('sha256', key).update(JSON.stringify(content)).digest()
}
