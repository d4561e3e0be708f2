import {once} from 'node:events'
import {type AddressInfo, connect, createServer, type Socket} from 'node:net'
import type {TestContext} from 'node:test'

import type {PostgresServer} from './postgres-server.js'

/** What happens to the next bytes that a client sends. */
type Fault = 'cut' | 'cut-after-answer' | 'stall'

/** A TCP proxy in front of a server, which breaks connections on request. */
export class PostgresProxy {
  #fault: Fault | undefined
  readonly #sockets = new Set<Socket>()

  private constructor(
    private readonly server: PostgresServer,
    readonly port: number,
  ) {}

  static async start(t: Pick<TestContext, 'after'>, server: PostgresServer): Promise<PostgresProxy> {
    const listener = createServer((client) => proxy.#connect(client))
    listener.listen(0, '127.0.0.1')
    await once(listener, 'listening')
    const proxy = new PostgresProxy(server, (listener.address() as AddressInfo).port)
    t.after(() => {
      listener.close()
      for (const socket of proxy.#sockets) socket.destroy()
    })
    return proxy
  }

  urlOf(database: string): string {
    return `postgres://apkg@127.0.0.1:${this.port}/${database}`
  }

  /**
   * Breaks the connection that sends the next bytes: `cut` before the server gets them, `cut-after-answer` once the
   * server has answered, `stall` never, but without an answer.
   */
  breakNext(fault: Fault): void {
    this.#fault = fault
  }

  #connect(client: Socket): void {
    const upstream = connect(`${this.server.folder}/.s.PGSQL.${this.server.port}`)
    let isAnswerLost = false
    let isStalled = false
    client.on('data', (bytes) => {
      const fault = this.#fault
      this.#fault = undefined
      if (fault === 'cut') {
        client.destroy()
        return
      }
      if (fault === 'cut-after-answer') isAnswerLost = true
      if (fault === 'stall') isStalled = true
      upstream.write(bytes)
    })
    upstream.on('data', (bytes) => {
      if (isAnswerLost) client.destroy()
      else if (!isStalled) client.write(bytes)
    })
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      this.#sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        this.#sockets.delete(socket)
        other.destroy()
      })
    }
  }
}
