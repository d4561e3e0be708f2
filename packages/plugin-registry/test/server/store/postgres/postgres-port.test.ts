import assert from 'node:assert/strict'
import {describe, it, type TestContext} from 'node:test'
import {setTimeout as sleep} from 'node:timers/promises'

import pg from 'pg'

import {all, first, type Port, type Rule, run, statement, together} from '../../../../src/server/store/port.js'
import {openPostgres} from '../../../../src/server/store/postgres/index.js'
import {OutcomeUnknown, StoreBusy} from '../../../../src/server/store/store-errors.js'
import {inParallel} from '../../../support/in-parallel.js'
import {postgresServer, skipWithoutPostgres} from '../../../support/postgres-server.js'
import {TcpProxy} from '../../../support/tcp-proxy.js'
import {add, describePort, find, insert, list, namesIn} from '../port-contract.js'

const skip = skipWithoutPostgres()

/** Opens a new database, and a proxy in front of it. */
async function open(t: TestContext, pool = 4) {
  const server = await postgresServer()
  const proxy = await TcpProxy.start(t, server.socket)
  const options = await server.createRegistry(t)
  const port = await openPostgres({...options, pool, url: server.urlOf(options.database, proxy)})
  t.after(() => port.close())
  const query = (sql: string) => server.query(options.database, sql)
  const isCommitted = async (name: string) => {
    const rows = await server.query(options.database, 'SELECT 1 FROM apkg.names WHERE name = $1', [name])
    return rows.length > 0
  }
  return {port, query, proxy, isCommitted}
}

/** Counts the round trips that a function waits for. */
async function tripsOf(work: () => Promise<unknown>): Promise<number> {
  const original = Object.getOwnPropertyDescriptor(pg.Client.prototype, 'query')!
  let count = 0
  Object.defineProperty(pg.Client.prototype, 'query', {
    ...original,
    value(...given: unknown[]) {
      count++
      return original.value.apply(this, given)
    },
  })
  try {
    await work()
    return count
  } finally {
    Object.defineProperty(pg.Client.prototype, 'query', original)
  }
}

describe('PostgreSQL', {skip}, () => {
  describePort('PostgreSQL', open)

  describe('the connections of a process', () => {
    it('pool: a rule that waits for a connection for 2 seconds is refused, as a request would be with 503', async (t) => {
      const {port, query} = await open(t, 1)
      const server = await postgresServer()
      const [row] = await query('SELECT current_database()')
      const other = new pg.Client({connectionString: server.urlOf(String(row!['current_database']))})
      await other.connect()
      await other.query('SELECT pg_advisory_lock(1)')
      const holding = port.read(function* () {
        yield* first(statement('SELECT pg_advisory_xact_lock(1)')())
      })
      const isWaiting = `SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`
      while ((await query(isWaiting)).length === 0) await sleep(5)
      await assert.rejects(port.ask(first(find('ada'))), StoreBusy)
      await other.end()
      await holding
      assert.equal(await port.ask(first(find('ada'))), undefined)
    })
  })

  describe('reads on PostgreSQL', () => {
    it('reads on PostgreSQL: a rule sees one state, even while another process writes', async (t) => {
      const {port, query} = await open(t)
      const server = await postgresServer()
      const other = new pg.Client({
        connectionString: server.urlOf(String((await query('SELECT current_database()'))[0]!['current_database'])),
      })
      await other.connect()
      await other.query('SELECT pg_advisory_lock(1)')
      const reading = port.read(function* () {
        const before = yield* all(list())
        yield* first(statement('SELECT pg_advisory_xact_lock(1)')())
        return [before.length, (yield* all(list())).length]
      })
      const isWaiting = `SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`
      while ((await query(isWaiting)).length === 0) await sleep(5)
      await other.query(`INSERT INTO apkg.names (name, holder, taken_at) VALUES ('ada', 'user', 1)`)
      await other.end()
      assert.deepEqual(await reading, [0, 0])
      assert.deepEqual(await namesIn(port), ['ada'])
    })

    it('reads on PostgreSQL: a rule that only reads cannot write', async (t) => {
      const {port} = await open(t)
      await assert.rejects(
        port.read(() => add('ada')),
        StoreBusy,
      )
      assert.deepEqual(await namesIn(port), [])
    })
  })

  describe('round trips on PostgreSQL', () => {
    it('round trips: a transaction begins with its first round trip, and only a write waits for its end', async (t) => {
      const {port} = await open(t)
      await namesIn(port)
      assert.equal(await tripsOf(() => port.ask(together([all(list()), all(list())]))), 1)
      assert.equal(await tripsOf(() => port.write(() => add('ada', 'bob'))), 3)
      const read = async () => {
        let count = 0
        count = await tripsOf(async () => {
          await port.read(function* () {
            yield* together([all(list()), first(find('ada'))])
          })
        })
        // The end of the transaction was sent, too.
        return count - 1
      }
      assert.equal(await read(), 1)
    })
  })

  describe('conflicts on PostgreSQL', () => {
    it('conflicts: the rules give the same result as one after another', async (t) => {
      const {port} = await open(t, 10)
      let runs = 0
      function* addOneOfThree(name: string): Rule<'added' | 'full'> {
        runs++
        if ((yield* all(list())).length >= 3) return 'full'
        yield* run(insert(name))
        return 'added'
      }
      const outcomes = await inParallel(12, 12, (number) => port.write(() => addOneOfThree(`user-${number}`)))
      assert.deepEqual([outcomes.filter((each) => each === 'added').length, (await namesIn(port)).length], [3, 3])
      assert.ok(runs > 12, 'no rule ran again')
    })

    it('conflicts: a rule that always conflicts is run five times, then the client can try again later', async (t) => {
      const {port} = await open(t)
      let runs = 0
      const failing = port.write(function* (): Rule<void> {
        runs++
        yield* run(statement(`DO $$ BEGIN RAISE EXCEPTION 'conflict' USING ERRCODE = '40001'; END $$`)())
      })
      await assert.rejects(failing, StoreBusy)
      assert.equal(runs, 5)
    })
  })

  describe('broken connections to PostgreSQL', () => {
    /** Breaks the connection within the rule. */
    const addWith = (port: Port, fault: () => void) => {
      let runs = 0
      const written = port.write(function* (): Rule<string> {
        runs++
        yield* run(insert('ada'))
        if (runs === 1) fault()
        yield* run(insert('bob'))
        return 'added'
      })
      return {written, runs: () => runs}
    }

    it('broken connection: before the commit, the rule is run again', async (t) => {
      const {port, proxy} = await open(t)
      const {written, runs} = addWith(port, () => proxy.breakNext('cut'))
      assert.deepEqual([await written, runs(), await namesIn(port)], ['added', 2, ['ada', 'bob']])
    })

    it('broken connection: during the commit, the outcome is unknown and the rule is not run again', async (t) => {
      for (const fault of ['cut', 'cut-after-answer'] as const) {
        const {port, proxy} = await open(t)
        let runs = 0
        const written = port.write(function* (): Rule<void> {
          runs++
          yield* run(insert('ada'))
          proxy.breakNext(fault)
        })
        await assert.rejects(written, OutcomeUnknown)
        assert.equal(runs, 1)
        assert.deepEqual(await namesIn(port), fault === 'cut' ? [] : ['ada'])
      }
    })

    it('broken connection: one that breaks while it is idle is replaced', async (t) => {
      const {port, query} = await open(t)
      await Promise.all([namesIn(port), namesIn(port)])
      await query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'apkg'`)
      assert.deepEqual(await namesIn(port), [])
    })

    it('broken connection: after a server became read-only, new connections are opened', async (t) => {
      const {port, query} = await open(t)
      const database = String((await query('SELECT current_database()'))[0]!['current_database'])
      await query(`ALTER DATABASE ${database} SET default_transaction_read_only = on`)
      await query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'apkg'`)
      await assert.rejects(
        port.write(() => add('ada')),
        StoreBusy,
      )
      await query(`BEGIN READ WRITE; ALTER DATABASE ${database} RESET default_transaction_read_only; COMMIT`)
      assert.equal(await port.write(() => add('ada')), 'added')
    })
  })
})
