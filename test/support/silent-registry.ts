import {createServer, type Server} from 'node:net'
import type {AddressInfo} from 'node:net'
import type {TestContext} from 'node:test'

/** Starts a registry that accepts connections but never responds. */
export async function silentRegistry(t: Pick<TestContext, 'after'>): Promise<{url: string; connections: () => number}> {
  let connections = 0
  const sockets = new Set<{destroy(): void}>()
  const server: Server = createServer((socket) => {
    connections++
    sockets.add(socket)
    socket.on('error', () => undefined)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return {url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, connections: () => connections}
}
