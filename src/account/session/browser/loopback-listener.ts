import {createServer, type ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'

/** What the browser delivers: an authorization code, or that the user denied the request. */
export type Delivery = {code: string} | 'denied'

export interface LoopbackListener {
  /** On a literal loopback address and a random port (RFC 8252 §7.3). */
  redirectUri: string
  delivery: Promise<Delivery>
  close(): void
}

const headers = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'",
  'referrer-policy': 'no-referrer',
  connection: 'close',
}

/**
 * Waits for the browser on a loopback address. Anything but an answer with the right state is refused, and waiting
 * continues.
 *
 * @param state the random value that the answer must have
 */
export async function listenOnLoopback(state: string): Promise<LoopbackListener> {
  const server = createServer()
  const delivery = new Promise<Delivery>((resolve) => {
    server.on('request', ({method, url = ''}, response) => {
      const delivered = method === 'GET' ? readDelivery(url, state) : undefined
      if (delivered === undefined) {
        respond(response, 404, 'Not found.')
        return
      }
      respond(response, 200, 'You can close this page and return to the terminal.')
      resolve(delivered)
    })
  })
  await new Promise<void>((listening, failed) => {
    server.once('error', failed)
    server.listen(0, '127.0.0.1', listening)
  })
  const {port} = server.address() as AddressInfo
  return {
    redirectUri: `http://127.0.0.1:${port}/callback`,
    delivery,
    close() {
      server.close()
      server.closeIdleConnections()
    },
  }
}

function readDelivery(target: string, state: string): Delivery | undefined {
  const base = 'http://127.0.0.1'
  const url = URL.canParse(target, base) ? new URL(target, base) : undefined
  if (url?.pathname !== '/callback' || url.searchParams.get('state') !== state) return undefined
  const code = url.searchParams.get('code')
  if (code) return {code}
  return url.searchParams.has('error') ? 'denied' : undefined
}

function respond(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, headers)
  response.end(`<!doctype html><meta charset="utf-8"><title>apkg</title><p>${text}</p>`)
}
