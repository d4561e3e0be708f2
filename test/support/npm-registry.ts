import {createServer, type RequestListener} from 'node:http'
import type {AddressInfo} from 'node:net'
import type {TestContext} from 'node:test'

/** A substitute for npm's registry on loopback, and the requests that it received. */
export interface NpmRegistry {
  url: string
  requests: {url: string | undefined; authorization: string | undefined}[]
}

export async function startNpmRegistry(t: TestContext, answer: RequestListener): Promise<NpmRegistry> {
  const requests: NpmRegistry['requests'] = []
  const server = createServer((request, response) => {
    requests.push({url: request.url, authorization: request.headers.authorization})
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return {url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, requests}
}
