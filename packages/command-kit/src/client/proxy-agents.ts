import type {Agents} from 'got'

import {isLoopback} from '../registry/registry-url.js'

/** Connections are reused. `maxSockets` is the limit per registry. */
const pool = {keepAlive: true, maxSockets: 16}

/**
 * Selects agents by URL, because got ignores `HTTPS_PROXY` and `NO_PROXY`. They are read from `process.env`. Localhost is
 * never reached through a proxy.
 *
 * @param env `APKG_NO_PROXY` (1 or true) turns proxies off
 */
export function agentsOf(env: NodeJS.ProcessEnv): (url: URL) => Promise<Agents> {
  const agents = new Map<string, Promise<Agents>>()
  return async (url) => {
    const proxy = await proxyFor(url, env)
    const route = `${url.protocol} ${proxy}`
    const existing = agents.get(route)
    if (existing) return existing
    const created = proxy === '' ? directAgents(url) : proxyAgents(proxy)
    agents.set(route, created)
    return created
  }
}

async function directAgents({protocol}: URL): Promise<Agents> {
  if (protocol === 'http:') return {http: new (await import('node:http')).default.Agent(pool)}
  return {https: new (await import('node:https')).default.Agent(pool)}
}

async function proxyAgents(proxy: string): Promise<Agents> {
  const {HttpsProxyAgent} = await import('hpagent')
  return {https: new HttpsProxyAgent({...pool, proxy})}
}

/**
 * Returns the URL of the proxy for a request, or an empty string if there is none. The URL can contain a password.
 *
 * @param env `APKG_NO_PROXY` (1 or true) turns proxies off
 */
export async function proxyFor(url: URL, env: NodeJS.ProcessEnv): Promise<string> {
  if (isLoopback(url.hostname) || /^(1|true)$/i.test(env['APKG_NO_PROXY'] ?? '')) return ''
  const {getProxyForUrl} = await import('proxy-from-env')
  return getProxyForUrl(url.href)
}
