import type {RequestOptions} from 'node:https'
import type {Duplex} from 'node:stream'

import type {Agents} from 'got'

import {proxyOf, type Proxy} from './proxy-settings.js'

/** Connections are reused. `maxSockets` is the limit per registry. */
const pool = {keepAlive: true, maxSockets: 16}

/**
 * Selects agents by URL, because got ignores proxies.
 *
 * @param env like `proxyOf`
 */
export function agentsOf(env: NodeJS.ProcessEnv): (url: URL) => Promise<Agents> {
  const agents = new Map<string, Promise<Agents>>()
  return async (url) => {
    const proxy = proxyOf(url, env)
    const route = `${url.protocol} ${proxy?.url.href ?? ''}`
    const existing = agents.get(route)
    if (existing) return existing
    const created = proxy === undefined ? directAgents(url) : proxyAgents(proxy)
    agents.set(route, created)
    return created
  }
}

async function directAgents({protocol}: URL): Promise<Agents> {
  if (protocol === 'http:') return {http: new (await import('node:http')).default.Agent(pool)}
  return {https: new (await import('node:https')).default.Agent(pool)}
}

async function proxyAgents(proxy: Proxy): Promise<Agents> {
  const [{HttpsProxyAgent}, {proxyFailure}] = await Promise.all([import('hpagent'), import('./proxy-failure.js')])
  /** Distinguishes errors of the proxy from those of the registry. */
  class Agent extends HttpsProxyAgent {
    override createConnection(
      options: RequestOptions,
      callback?: (error: Error | null, stream: Duplex) => void,
    ): Duplex | null | undefined {
      const target = `${options.host}:${options.port}`
      return super.createConnection(options, (error, stream) => {
        callback?.(error && proxyFailure(error, proxy, target), stream)
      })
    }
  }
  return {https: new Agent({...pool, proxy: proxy.url.href})}
}
