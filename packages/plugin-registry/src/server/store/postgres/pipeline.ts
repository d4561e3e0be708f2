import type {Submittable} from 'pg'

import type {Command} from './compile.js'
import {parserOf, toParameter} from './values.js'

export interface Answer {
  rows: Record<string, unknown>[]
  /** How many rows were returned or changed. */
  count: number
}

/** The part of pg's connection that sends messages of the extended query protocol. */
interface Wire {
  stream: {cork(): void; uncork(): void}
  parse(message: {name: string; text: string; types: never[]}): void
  bind(message: {portal: string; statement: string; values: unknown[]}): void
  describe(message: {type: 'P'; name: string}): void
  execute(message: {portal: string; rows: number}): void
  close(message: {type: 'S'; name: string}): void
  sync(): void
}

interface Column {
  name: string
  parse: (text: string) => unknown
}

/**
 * Runs several commands in one round trip. If one fails, the server skips the rest. Outside of a transaction, they are
 * one.
 */
export class Pipeline implements Submittable {
  readonly done: Promise<Answer[]>
  readonly #answers: Answer[] = []
  #columns: Column[] = []
  #rows: Record<string, unknown>[] = []
  #resolve!: (answers: Answer[]) => void
  #reject!: (error: Error) => void
  #failure: Error | undefined
  readonly #parameters: (string | Buffer | null)[][]

  /** @param prepared the statements that the session has prepared. New ones are added. Undefined to prepare none. */
  constructor(
    private readonly commands: readonly Command[],
    private readonly prepared: Set<string> | undefined,
  ) {
    this.#parameters = commands.map(({parameters}) => parameters.map(toParameter))
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }

  /** Called by pg once the session is idle. */
  submit(connection: unknown): void {
    const wire = connection as Wire
    // Otherwise each message would be a packet.
    wire.stream.cork()
    for (const [position, {text, name}] of this.commands.entries()) {
      const statement = (this.prepared && name) ?? ''
      if (!this.prepared?.has(statement)) {
        // It may exist, if an earlier pipeline failed after it was prepared.
        if (statement !== '') wire.close({type: 'S', name: statement})
        wire.parse({name: statement, text, types: []})
      }
      wire.bind({portal: '', statement, values: this.#parameters[position] ?? []})
      wire.describe({type: 'P', name: ''})
      wire.execute({portal: '', rows: 0})
    }
    wire.sync()
    wire.stream.uncork()
  }

  handleRowDescription({fields}: {fields: {name: string; dataTypeID: number}[]}): void {
    this.#columns = fields.map(({name, dataTypeID}) => ({name, parse: parserOf(dataTypeID)}))
  }

  handleDataRow({fields}: {fields: (string | null)[]}): void {
    try {
      this.#rows.push(toRow(this.#columns, fields))
    } catch (error) {
      // pg would end the process.
      this.#failure ??= error as Error
    }
  }

  /** @param message.text the command tag, such as `INSERT 0 1` */
  handleCommandComplete({text}: {text: string}): void {
    this.#answers.push({rows: this.#rows, count: Number(text.slice(text.lastIndexOf(' ') + 1)) || 0})
    const name = this.commands[this.#answers.length - 1]?.name
    if (name !== undefined) this.prepared?.add(name)
    this.#rows = []
    this.#columns = []
  }

  handleEmptyQuery(): void {
    this.handleCommandComplete({text: ''})
  }

  /** Also called if the connection breaks. */
  handleError(error: Error): void {
    this.#failure = error
    this.#reject(error)
  }

  handleReadyForQuery(): void {
    if (this.#failure) this.#reject(this.#failure)
    else this.#resolve(this.#answers)
  }
}

function toRow(columns: readonly Column[], fields: readonly (string | null)[]): Record<string, unknown> {
  const row: Record<string, unknown> = {}
  for (const [position, {name, parse}] of columns.entries()) {
    const text = fields[position] ?? null
    row[name] = text === null ? null : parse(text)
  }
  return row
}
