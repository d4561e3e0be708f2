import type {Agents} from 'got'

import {isLoopback} from '../registry/registry-url.js'

/** Connections are kept and used again, this many at once to a registry. */
const pool = {keepAlive: true, maxSockets: 16}

/**
 * Finds the agents for an address: one that goes through a proxy where the process's own `HTTPS_PROXY` and `NO_PROXY` say
 * so, which got takes no notice of. This machine is never reached through one.
 *
 * @param env `APKG_NO_PROXY` (1 or true) turns proxies off.
 */
export function agentsOf(env: NodeJS.ProcessEnv): (url: URL) => Promise<Agents> {
  const agents = new Map<string, Promise<Agents>>()
  return async (url) => {
    const proxy = await proxyFor(url, env)
    const way = `${url.protocol} ${proxy}`
    const known = agents.get(way)
    if (known) return known
    const opened = proxy === '' ? directAgents(url) : proxyAgents(proxy)
    agents.set(way, opened)
    return opened
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
 * The URL of the proxy through which an address is asked; empty where there is none. It may hold a password.
 *
 * @param env `APKG_NO_PROXY` (1 or true) turns proxies off.
 */
export async function proxyFor(url: URL, env: NodeJS.ProcessEnv): Promise<string> {
  if (isLoopback(url.hostname) || /^(1|true)$/i.test(env['APKG_NO_PROXY'] ?? '')) return ''
  const {getProxyForUrl} = await import('proxy-from-env')
  return getProxyForUrl(url.href)
}
