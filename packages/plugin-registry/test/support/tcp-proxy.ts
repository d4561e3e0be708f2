import {once} from 'node:events'
import {type AddressInfo, connect, createServer, type NetConnectOpts, type Socket} from 'node:net'
import {setTimeout as sleep} from 'node:timers/promises'

import type {CleanupScope} from './world.js'

/**
 * How a connection breaks: `cut` before the server gets the bytes, `cut-after-answer` once the server has answered,
 * `stall` never, but without an answer.
 */
export type Break = 'cut' | 'cut-after-answer' | 'stall'

/** What happens to all connections for a while. */
export interface Disturbance {
  /** Delays bytes in both directions, in milliseconds. */
  delay?: number
  /** Breaks every connection that sends bytes, or those whose bytes match. */
  break?: Break
  matches?: (bytes: Buffer) => boolean
  /** Changes what the server sends. */
  rewrite?: (bytes: Buffer) => Buffer
}

/** A TCP proxy in front of a server, which breaks connections on request. */
export class TcpProxy {
  #next: Break | undefined
  #disturbance: Disturbance = {}
  readonly #stalled = new Set<Socket>()
  readonly #sockets = new Set<Socket>()

  private constructor(
    private readonly target: NetConnectOpts,
    readonly port: number,
  ) {}

  static async start(scope: CleanupScope, target: NetConnectOpts): Promise<TcpProxy> {
    const listener = createServer((client) => proxy.#connect(client))
    listener.listen(0, '127.0.0.1')
    await once(listener, 'listening')
    const proxy = new TcpProxy(target, (listener.address() as AddressInfo).port)
    scope.after(() => {
      listener.close()
      for (const socket of proxy.#sockets) socket.destroy()
    })
    return proxy
  }

  /** Breaks the connection that sends the next bytes. */
  breakNext(fault: Break): void {
    this.#next = fault
  }

  /** Disturbs all connections, including new ones, until the next call. */
  disturb(disturbance: Disturbance): void {
    this.#disturbance = disturbance
  }

  /** Closes connections that stall. Otherwise, the client has to give up. */
  closeStalled(): void {
    for (const socket of this.#stalled) socket.destroy()
  }

  #breakFor(bytes: Buffer): Break | undefined {
    const next = this.#next
    this.#next = undefined
    const {break: disturbed, matches} = this.#disturbance
    return next ?? (matches?.(bytes) === false ? undefined : disturbed)
  }

  #connect(client: Socket): void {
    const upstream = connect(this.target)
    let broken: Break | undefined
    const toServer = this.#delayed((bytes) => upstream.write(bytes))
    const toClient = this.#delayed((bytes) => client.write(bytes))
    client.on('data', (bytes) => {
      broken ??= this.#breakFor(bytes)
      if (broken === 'cut') client.destroy()
      else toServer(bytes)
      if (broken === 'stall') this.#stalled.add(client)
    })
    upstream.on('data', (bytes) => {
      if (broken === 'cut-after-answer') client.destroy()
      else if (broken !== 'stall') toClient(this.#disturbance.rewrite?.(bytes) ?? bytes)
    })
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      this.#sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        this.#sockets.delete(socket)
        this.#stalled.delete(socket)
        other.destroy()
      })
    }
  }

  /** Keeps the order of bytes, even if the delay ends in between. */
  #delayed(write: (bytes: Buffer) => void): (bytes: Buffer) => void {
    let waiting: Promise<void> | undefined
    return (bytes) => {
      const {delay} = this.#disturbance
      if (delay === undefined && !waiting) {
        write(bytes)
        return
      }
      const sent = Promise.all([waiting, sleep(delay ?? 0)]).then(() => {
        write(bytes)
        if (waiting === sent) waiting = undefined
      })
      waiting = sent
    }
  }
}
