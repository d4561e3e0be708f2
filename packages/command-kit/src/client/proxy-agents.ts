import type {Agent} from 'node:http'
import type {RequestOptions} from 'node:https'
import type {Duplex} from 'node:stream'

import {proxyOf, type Proxy} from './proxy-settings.js'
import {TransportError} from './transport.js'

/** Connections are reused. `maxSockets` is the limit per registry. */
const pool = {keepAlive: true, maxSockets: 16}

/**
 * Selects agents by URL, because Node ignores proxies.
 *
 * @param env like `proxyOf`
 * @param timeout milliseconds in which a proxy must connect to the registry, and the registry must answer the TLS handshake
 */
export function agentsOf(env: NodeJS.ProcessEnv, timeout: number): (url: URL) => Promise<Agent> {
  const agents = new Map<string, Promise<Agent>>()
  return async (url) => {
    const proxy = proxyOf(url, env)
    const route = `${url.protocol} ${proxy?.url.href ?? ''}`
    const existing = agents.get(route)
    if (existing) return existing
    const created = proxy === undefined ? directAgent(url) : proxyAgent(proxy, timeout)
    agents.set(route, created)
    return created
  }
}

async function directAgent({protocol}: URL): Promise<Agent> {
  if (protocol === 'http:') return new (await import('node:http')).default.Agent(pool)
  return new (await import('node:https')).default.Agent(pool)
}

async function proxyAgent(proxy: Proxy, timeout: number): Promise<Agent> {
  const [{HttpsProxyAgent}, {proxyFailure, silentProxy}] = await Promise.all([
    import('hpagent'),
    import('./proxy-failure.js'),
  ])
  /** Distinguishes errors of the proxy from those of the registry. Our own timeouts start once there is a connection. */
  class ProxyAgent extends HttpsProxyAgent {
    /** Options of the CONNECT request. */
    declare proxyRequestOptions: {signal: AbortSignal}

    override createConnection(
      options: RequestOptions,
      callback?: (error: Error | null, stream: Duplex) => void,
    ): Duplex | null | undefined {
      const target = `${options.host}:${options.port}`
      const connecting = new AbortController()
      const timer = setTimeout(() => {
        connecting.abort()
      }, timeout)
      this.proxyRequestOptions = {signal: connecting.signal}
      return super.createConnection(options, (error, stream) => {
        clearTimeout(timer)
        if (!error) limitHandshake(stream, timeout)
        callback?.(
          error && (connecting.signal.aborted ? silentProxy(proxy, timeout) : proxyFailure(error, proxy, target)),
          stream,
        )
      })
    }
  }
  return new ProxyAgent({...pool, proxy: proxy.url.href})
}

function limitHandshake(stream: Duplex, timeout: number): void {
  const timer = setTimeout(() => {
    stream.destroy(new TransportError('timeout', 'the request timed out'))
  }, timeout)
  for (const event of ['secureConnect', 'close']) {
    stream.once(event, () => {
      clearTimeout(timer)
    })
  }
}
