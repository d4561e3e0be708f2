import {createHash} from 'node:crypto'

import {createQueryId, PostgresQueryCompiler, type RootOperationNode} from 'kysely'

import {type Query, Statement, type StatementText, type Value} from '../port.js'
import {postgresDialect} from './dialect.js'
import {qualify} from './table-names.js'

/** A statement as PostgreSQL gets it. Its text contains the placeholders `$1`, `$2` and so on. */
export interface Command {
  text: string
  parameters: readonly Value[]
  /** The name to prepare it under. Undefined if it isn't prepared. */
  name?: string
}

interface Prepared {
  text: string
  name: string
  /** The positions of the parameters that the text uses, starting from 0. */
  used: number[]
}

const compiler = new PostgresQueryCompiler()
const queryId = createQueryId()
const prepared = new Map<StatementText, Prepared>()

/** Compiles a query. Handwritten statements are compiled once, and prepared. */
export function compile(query: Query): Command {
  if (query instanceof Statement) {
    const {text, name, used} = prepare(query.text)
    const values = query.parameters.map((value) => (typeof value === 'function' ? value(postgresDialect) : value))
    return {text, name, parameters: used.map((position) => values[position] ?? null)}
  }
  const {sql, parameters} = compiler.compileQuery(query.toOperationNode() as RootOperationNode, queryId)
  return {text: qualify(sql), parameters: parameters as readonly Value[]}
}

function prepare(text: StatementText): Prepared {
  const key = typeof text === 'string' ? text : text.dialect
  const known = prepared.get(key)
  if (known) return known
  const made = toPrepared(typeof text === 'string' ? text : postgresDialect.statements[text.dialect])
  prepared.set(key, made)
  return made
}

/** Renumbers the placeholders, because PostgreSQL accepts no parameters that a text doesn't use. */
function toPrepared(sql: string): Prepared {
  const numbers = [...sql.matchAll(/\?(\d+)/g)].map(([, number]) => Number(number))
  const used = [...new Set(numbers)].sort((a, b) => a - b)
  const text = qualify(sql.replace(/\?(\d+)/g, (_, number) => `$${used.indexOf(Number(number)) + 1}`))
  return {text, name: nameOf(text), used: used.map((number) => number - 1)}
}

/** Names a statement for its text, so that the names of two clients of one server connection never conflict. */
export function nameOf(text: string): string {
  return `apkg_${createHash('sha256').update(text).digest('hex').slice(0, 32)}`
}
