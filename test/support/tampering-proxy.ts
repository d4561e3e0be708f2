import {createServer} from 'node:http'
import type {AddressInfo} from 'node:net'
import type {TestContext} from 'node:test'

/** Changes the JSON of a response before the client sees it. */
export type Tamper = (path: string, body: any) => any

/** A proxy between a client and a registry that can change responses. */
export interface TamperingProxy {
  url: string
  /** The registry behind it. */
  target: string
  tamper: Tamper
}

export async function startTamperingProxy(t: Pick<TestContext, 'after'>): Promise<TamperingProxy> {
  const proxy: TamperingProxy = {url: '', target: '', tamper: (_, body) => body}
  const forward = async (address: string, authorization: string | undefined) => {
    const answer = await fetch(proxy.target + address, {headers: {...(authorization && {authorization})}})
    const type = answer.headers.get('content-type') ?? ''
    const bytes = Buffer.from(await answer.arrayBuffer())
    const isJson = type.startsWith('application/json')
    const tampered = () => JSON.stringify(proxy.tamper(decodeURIComponent(address), JSON.parse(bytes.toString())))
    return {status: answer.status, type, sent: isJson ? tampered() : bytes}
  }
  const server = createServer(({url = '/', headers}, response) => {
    forward(url, headers.authorization).then(
      ({status, type, sent}) => response.writeHead(status, {'content-type': type}).end(sent),
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
