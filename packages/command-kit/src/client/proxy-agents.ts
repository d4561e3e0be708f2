import type {RequestOptions} from 'node:https'
import type {Duplex} from 'node:stream'

import type {Agents} from 'got'

import {proxyOf, type Proxy} from './proxy-settings.js'
import {TransportError} from './transport.js'

/** Connections are reused. `maxSockets` is the limit per registry. */
const pool = {keepAlive: true, maxSockets: 16}

/**
 * Selects agents by URL, because got ignores proxies.
 *
 * @param env like `proxyOf`
 * @param timeout milliseconds in which a proxy must connect to the registry, and the registry must answer the TLS handshake
 */
export function agentsOf(env: NodeJS.ProcessEnv, timeout: number): (url: URL) => Promise<Agents> {
  const agents = new Map<string, Promise<Agents>>()
  return async (url) => {
    const proxy = proxyOf(url, env)
    const route = `${url.protocol} ${proxy?.url.href ?? ''}`
    const existing = agents.get(route)
    if (existing) return existing
    const created = proxy === undefined ? directAgents(url) : proxyAgents(proxy, timeout)
    agents.set(route, created)
    return created
  }
}

async function directAgents({protocol}: URL): Promise<Agents> {
  if (protocol === 'http:') return {http: new (await import('node:http')).default.Agent(pool)}
  return {https: new (await import('node:https')).default.Agent(pool)}
}

async function proxyAgents(proxy: Proxy, timeout: number): Promise<Agents> {
  const [{HttpsProxyAgent}, {proxyFailure, silentProxy}] = await Promise.all([
    import('hpagent'),
    import('./proxy-failure.js'),
  ])
  /** Distinguishes errors of the proxy from those of the registry. got's own timeouts start once there is a connection. */
  class Agent extends HttpsProxyAgent {
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
  return {https: new Agent({...pool, proxy: proxy.url.href})}
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
