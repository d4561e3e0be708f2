import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {openDataFolder} from '../../../../src/server/operations/data-folder.js'
import {loadSqlite, type SqliteHandle} from '../../../../src/server/store/sqlite/driver.js'
import {tableNames} from '../../../../src/server/store/postgres/table-names.js'
import {copyEmptyRegistry} from '../../../support/cheap-registry.js'
import {postgresServer, skipWithoutPostgres} from '../../../support/postgres-server.js'
import {temporaryFolder} from '../../../support/world.js'

/** Tables that one engine alone has: migrations, the search index, and what depends on the order of commits. */
const ownTables = /^(kysely_.*|sqlite_.*|package_words.*|migrations|settings|turns|audit_unsealed)$/

/** Columns that SQLite keeps for an earlier version. */
const obsoleteColumns = ['sessions.used_at', 'tokens.last_used_at', 'tokens.suspended_at']

interface Table {
  columns: string[]
  keys: string[]
  references: string[]
  indexes: string[]
}

type Tables = Record<string, Table>

const typesInSqlite: Record<string, string> = {INTEGER: 'number', bigint: 'number', TEXT: 'text', BLOB: 'bytes'}
const typesInPostgres: Record<string, string> = {bigint: 'number', text: 'text', bytea: 'bytes'}

/** Writes a condition or an expression alike. */
const plain = (sql: string) => sql.replace(/::text|[()\s"]/g, '').toLowerCase()

function tablesInSqlite(database: SqliteHandle): Tables {
  const rows = (sql: string) => database.prepare(sql).all() as Record<string, any>[]
  const tables: Tables = {}
  for (const {name: table} of rows(`SELECT name FROM sqlite_master WHERE type = 'table'`)) {
    if (ownTables.test(table)) continue
    const columns = rows(`PRAGMA table_info(${table})`)
    const key = columns.filter(({pk}) => pk > 0).sort((a, b) => a['pk'] - b['pk'])
    const references = new Map<number, string[][]>()
    for (const {id, from, table: other, to} of rows(`PRAGMA foreign_key_list(${table})`)) {
      references.set(id, [...(references.get(id) ?? []), [from, other, to]])
    }
    const indexes = rows(`PRAGMA index_list(${table})`).filter(({origin}) => origin !== 'pk')
    tables[table] = {
      columns: columns
        .filter(({name}) => !obsoleteColumns.includes(`${table}.${name}`))
        .map(({name, type, notnull, dflt_value: value, pk}) =>
          [name, typesInSqlite[type], notnull || pk > 0 ? 'required' : 'optional', value ?? ''].join(' '),
        )
        .sort(),
      keys: [key.map(({name}) => name).join(', ')],
      references: [...references.values()]
        .map(
          (parts) =>
            `${parts.map(([from]) => from).join(', ')} -> ${parts[0]![1]} ${parts.map(([, , to]) => to).join(', ')}`,
        )
        .sort(),
      indexes: indexes
        .map(({name, unique}) => {
          const sql: string = rows(`SELECT sql FROM sqlite_master WHERE name = '${name}'`)[0]?.['sql'] ?? ''
          const expression = /\((substr.*)\)$/.exec(sql)?.[1]
          const parts = rows(`PRAGMA index_xinfo(${name})`).filter(({key: isKey}) => isKey === 1)
          const on = parts.map((part) => plain(part['name'] ?? expression) + (part['desc'] === 1 ? ' desc' : ''))
          return [unique ? 'unique' : '', on.join(', '), plain(/ WHERE (.*)/s.exec(sql)?.[1] ?? '')].join('|')
        })
        .sort(),
    }
  }
  return tables
}

type Query = (sql: string) => Promise<Record<string, any>[]>

async function tablesInPostgres(query: Query): Promise<Tables> {
  const tables: Tables = {}
  for (const {name: table} of await query(`SELECT tablename AS name FROM pg_tables WHERE schemaname = 'apkg'`)) {
    if (ownTables.test(table)) continue
    const oid = `'apkg.${table}'::regclass`
    const columns = await query(`
      SELECT a.attname AS name, format_type(a.atttypid, NULL) AS type, a.attnotnull AS required,
        pg_get_expr(d.adbin, d.adrelid) AS value, coll.collname AS collation
      FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        LEFT JOIN pg_collation coll ON coll.oid = a.attcollation
      WHERE a.attrelid = ${oid} AND a.attnum > 0 AND NOT a.attisdropped`)
    for (const {name, type, collation} of columns) {
      assert.ok(typesInPostgres[type], `${table}.${name} is ${type}`)
      if (type === 'text') assert.equal(collation, 'C', `${table}.${name}`)
    }
    const constraints = await query(`
      SELECT contype AS type, pg_get_constraintdef(oid) AS text FROM pg_constraint WHERE conrelid = ${oid}`)
    const indexes = await query(`
      SELECT i.indisunique AS unique, pg_get_expr(i.indpred, i.indrelid) AS condition,
        ARRAY(SELECT pg_get_indexdef(i.indexrelid, n, true) ||
          CASE WHEN pg_index_column_has_property(i.indexrelid, n, 'desc') THEN ' desc' ELSE '' END
          FROM generate_series(1, i.indnatts) n) AS columns
      FROM pg_index i WHERE i.indrelid = ${oid} AND NOT i.indisprimary`)
    tables[table] = {
      columns: columns
        .map(({name, type, required, value}) =>
          [name, typesInPostgres[type], required ? 'required' : 'optional', (value ?? '').replace('::text', '')].join(
            ' ',
          ),
        )
        .sort(),
      keys: constraints
        .filter(({type}) => type === 'p')
        .map(({text}) => /\((.*)\)/.exec(text)![1]!.replaceAll('"', '')),
      references: constraints
        .filter(({type}) => type === 'f')
        .map(({text}) => {
          const [, from, other, to] = /\((.*)\) REFERENCES (?:apkg\.)?(\w+)\((.*)\)/.exec(text)!
          return `${from} -> ${other} ${to}`
        })
        .sort(),
      indexes: indexes
        .map(({unique, condition, columns: on}) =>
          [
            unique ? 'unique' : '',
            on
              .map((each: string) => (each.endsWith(' desc') ? `${plain(each.slice(0, -5))} desc` : plain(each)))
              .join(', '),
            plain(condition ?? ''),
          ].join('|'),
        )
        .sort(),
    }
  }
  return tables
}

describe('the tables of both engines', {skip: skipWithoutPostgres()}, () => {
  it('tables: SQLite and PostgreSQL have the same columns, keys, references and indexes', async (t) => {
    const folder = temporaryFolder(t)
    await copyEmptyRegistry(folder)
    const database = (await loadSqlite()).open(openDataFolder(folder, {create: false}).database)
    t.after(() => {
      database.close()
    })
    const server = await postgresServer()
    const {database: name} = await server.createRegistry(t)
    const expected = tablesInSqlite(database)
    const actual = await tablesInPostgres((sql) => server.query(name, sql))
    assert.deepEqual(Object.keys(actual).sort(), Object.keys(expected).sort())
    for (const [table, columns] of Object.entries(expected))
      assert.deepEqual({[table]: actual[table]}, {[table]: columns})
  })

  it('tables: every table of PostgreSQL gets its schema in statements', async (t) => {
    const server = await postgresServer()
    const {database} = await server.createRegistry(t)
    const rows = await server.query(database, `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'apkg'`)
    assert.deepEqual(rows.map(({name}) => name).sort(), tableNames.toSorted())
  })
})
