import type {PoolClient} from 'pg'

import type {Command} from './compile.js'
import {asServerError, ConnectionLost, isUsableAfter} from './error-kinds.js'
import {type Answer, Pipeline} from './pipeline.js'

/** The names of the statements that each connection has prepared. */
const prepared = new WeakMap<PoolClient, Set<string>>()

/** A connection that one rule uses. */
export class Session {
  #isUsable = true
  #isReleased = false
  readonly #prepared: Set<string>

  /** @param canPrepare whether later transactions of this connection find the statements that it prepares */
  constructor(
    private readonly client: PoolClient,
    private readonly canPrepare: () => boolean,
  ) {
    this.#prepared = prepared.get(client) ?? new Set()
    prepared.set(client, this.#prepared)
  }

  /**
   * Runs commands in one round trip.
   *
   * @param timeout how long the response may take, in milliseconds. Afterwards the connection isn't used again.
   * @throws {ServerError | ConnectionLost}
   */
  async run(commands: readonly Command[], timeout: number): Promise<Answer[]> {
    const pipeline = new Pipeline(commands, this.canPrepare() ? this.#prepared : undefined)
    const timer = setTimeout(() => {
      pipeline.handleError(new ConnectionLost(`the database did not respond within ${timeout / 1000} s`))
    }, timeout)
    try {
      this.client.query(pipeline)
      return await pipeline.done
    } catch (error) {
      if (!isUsableAfter(error)) this.#isUsable = false
      throw asServerError(error) || error instanceof ConnectionLost ? error : toLost(error)
    } finally {
      clearTimeout(timer)
    }
  }

  /** Warnings of the server during the next commands. */
  watchWarnings(): {stop: () => string[]} {
    const warnings: string[] = []
    const listen = ({severity, message}: {severity?: string | undefined; message?: string | undefined}) => {
      if (severity === 'WARNING') warnings.push(message ?? '')
    }
    this.client.on('notice', listen)
    return {
      stop: () => {
        this.client.off('notice', listen)
        return warnings
      },
    }
  }

  get isUsable(): boolean {
    return this.#isUsable
  }

  /** Returns the connection to the pool, or closes it if it can't be used again. */
  release(): void {
    if (!this.#isReleased) this.client.release(!this.#isUsable)
    this.#isReleased = true
  }

  /** Closes the connection. */
  destroy(): void {
    this.#isUsable = false
    this.release()
  }
}

/** Errors of sockets have no type. */
function toLost(error: unknown): ConnectionLost {
  return new ConnectionLost((error as Error).message, {cause: error})
}
