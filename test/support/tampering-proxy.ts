import {createServer, type IncomingMessage} from 'node:http'
import type {AddressInfo} from 'node:net'
import {text} from 'node:stream/consumers'
import type {TestContext} from 'node:test'

/** Changes the JSON of a response before the client sees it. */
export type Tamper = (path: string, body: any) => any

/** A proxy between a client and a registry that can change responses. */
export interface TamperingProxy {
  url: string
  /** The registry behind it. */
  target: string
  tamper: Tamper
  /** Replaces the response to a request; undefined leaves it as it is. */
  bytes: (path: string) => Uint8Array | undefined
  /** Whether the client gets the genuine ETag of a response that was changed, and can send it. */
  keepsEtags: boolean
}

interface Forwarded {
  status: number
  headers: Record<string, string>
  sent: string | Uint8Array
}

export async function startTamperingProxy(t: Pick<TestContext, 'after'>): Promise<TamperingProxy> {
  const proxy: TamperingProxy = {
    url: '',
    target: '',
    tamper: (_, body) => body,
    bytes: () => undefined,
    keepsEtags: false,
  }
  const forward = async (request: IncomingMessage): Promise<Forwarded> => {
    const {url: address = '/', method = 'GET'} = request
    const replaced = proxy.bytes(address)
    if (replaced) return {status: 200, headers: {'content-type': 'application/zstd'}, sent: replaced}
    const forwarded = ['authorization', 'content-type', ...(proxy.keepsEtags ? ['if-none-match'] : [])]
    const headers = Object.fromEntries(Object.entries(request.headers).filter(([header]) => forwarded.includes(header)))
    const body = await text(request)
    const answer = await fetch(proxy.target + address, {
      method,
      headers: headers as Record<string, string>,
      ...(body !== '' && {body}),
    })
    const type = answer.headers.get('content-type') ?? ''
    const etag = proxy.keepsEtags ? answer.headers.get('etag') : null
    const bytes = Buffer.from(await answer.arrayBuffer())
    const isJson = type.startsWith('application/json') && bytes.length > 0
    const tampered = () => JSON.stringify(proxy.tamper(decodeURIComponent(address), JSON.parse(bytes.toString())))
    return {
      status: answer.status,
      headers: {'content-type': type, ...(etag !== null && {etag})},
      sent: isJson ? tampered() : bytes,
    }
  }
  const server = createServer((request, response) => {
    forward(request).then(
      ({status, headers, sent}) => response.writeHead(status, headers).end(sent),
      (error: unknown) => response.destroy(error as Error),
    )
  })
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  proxy.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return proxy
}
