import {connect, createServer, type AddressInfo, type Socket} from 'node:net'
import type {TestContext} from 'node:test'

/** A TCP proxy that loses responses. */
export interface CuttingProxy {
  url: string
  /**
   * Loses the responses to the next requests that start with a text, such as `POST /auth/tokens`: the connection is cut when
   * the response begins to arrive, so the registry has executed the request.
   */
  lose(start: string, count?: number): void
  /** The requests whose responses were lost, as they were sent. */
  lost: string[]
  /** Called before a connection is cut. */
  onLoss: () => Promise<unknown>
}

/** @param target the URL of the registry. */
export async function startCuttingProxy(t: Pick<TestContext, 'after'>, target: string): Promise<CuttingProxy> {
  let losses: {start: string; count: number} | undefined
  const sockets = new Set<Socket>()
  const proxy: CuttingProxy = {
    url: '',
    lost: [],
    onLoss: async () => undefined,
    lose: (start, count = 1) => {
      losses = {start, count}
    },
  }
  const server = createServer((client) => {
    const upstream = connect(Number(new URL(target).port), '127.0.0.1')
    let isCut = false
    let sent = ''
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket))
    }
    client.on('data', (chunk: Buffer) => {
      const text = chunk.toString('latin1')
      if (losses && losses.count > 0 && text.startsWith(losses.start)) {
        isCut = true
        losses.count--
      }
      sent += text
      upstream.write(chunk)
    })
    upstream.on('data', (chunk: Buffer) => {
      if (!isCut) {
        sent = ''
        client.write(chunk)
        return
      }
      proxy.lost.push(sent)
      void proxy.onLoss().then(() => client.resetAndDestroy())
      upstream.destroy()
    })
    client.on('end', () => upstream.end())
    upstream.on('end', () => isCut || client.end())
  })
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  t.after(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  proxy.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return proxy
}
