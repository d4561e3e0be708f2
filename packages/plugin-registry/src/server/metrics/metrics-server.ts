import {createServer, type IncomingMessage, type Server, type ServerResponse} from 'node:http'

import {hostGuard} from '../http/assert-host.js'
import {mayReadMetrics} from './metrics-access.js'
import type {ServerMetrics} from './server-metrics.js'

/**
 * Creates a server that only serves metrics, at `/metrics`.
 *
 * @param token undefined if none is required
 * @param onFailure called if the metrics can't be read
 */
export function createMetricsServer(
  metrics: Pick<ServerMetrics, 'contentType' | 'text'>,
  token: string | undefined,
  onFailure: (error: unknown) => void,
): Server {
  const answer = async ({method, url, headers}: IncomingMessage, response: ServerResponse) => {
    if (url?.split('?', 1)[0] !== '/metrics') return response.writeHead(404).end()
    if (method !== 'GET') return response.writeHead(405, {allow: 'GET'}).end()
    if (!mayReadMetrics(headers.authorization, token)) {
      return response.writeHead(401, {'www-authenticate': 'Bearer realm="apkg metrics"'}).end()
    }
    const text = await metrics.text()
    return response.writeHead(200, {'content-type': metrics.contentType, 'cache-control': 'no-store'}).end(text)
  }
  const server = createServer((request, response) => {
    try {
      assertHost({headers: request.headers, target: request.url ?? ''})
    } catch {
      response.writeHead(421).end()
      return
    }
    answer(request, response).catch((error: unknown) => {
      onFailure(error)
      if (!response.headersSent) response.writeHead(500)
      response.end()
    })
  })
  const assertHost = hostGuard(server, undefined)
  return server
}
