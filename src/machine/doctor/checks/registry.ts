import {failure, TransportError} from '@apkg/command-kit'

import type {Check} from '../check.js'
import {ok, problem, skipped} from '../finding.js'
import {proxyHost} from './proxy.js'

export const registryCheck: Check = {
  name: 'registry',
  title: 'Registry',
  async run({env, offline, registry, probe}) {
    const url = await registry()
    if (offline) return [skipped(`${url}, not checked while offline`)]
    try {
      const {status} = await probe()
      if (status < 500) return [ok(`${url} is reachable`)]
      return [problem(`${url} responds with status ${status}`, 'try again later, or contact its operator')]
    } catch (error) {
      if (!(error instanceof TransportError)) throw error
      if (error.proxy) {
        const facts = {purpose: 'connect', registry: url, reason: error.reason, proxy: error.proxy}
        const [fix = null] = failure('UNREACHABLE', facts).suggestions
        return [problem(`${url} cannot be reached: ${error.reason}`, fix)]
      }
      const proxy = await proxyHost(url, env)
      if (proxy === undefined) {
        const fix = 'check your network connection and the URL'
        return [problem(`${url} cannot be reached: ${error.reason}`, fix)]
      }
      const fix = 'check the proxy settings, or add the host to NO_PROXY'
      return [problem(`${url} cannot be reached through the proxy ${proxy}: ${error.reason}`, fix)]
    }
  },
}
