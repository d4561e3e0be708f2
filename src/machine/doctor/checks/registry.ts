import {TransportError} from '@apkg/command-kit'

import type {Check} from '../check.js'
import {ok, problem} from '../finding.js'
import {proxyHost} from './proxy.js'

export const registryCheck: Check = {
  name: 'registry',
  title: 'Registry',
  async examine({env, offline, registry, probe}) {
    const url = await registry()
    if (offline) return [ok(`${url}, not asked while offline`)]
    try {
      const {status} = await probe()
      if (status < 500) return [ok(`${url} answers`)]
      return [problem(`${url} answers with status ${status}`, 'try again later, or tell its operator')]
    } catch (error) {
      if (!(error instanceof TransportError)) throw error
      const proxy = await proxyHost(url, env)
      if (proxy === undefined) {
        const mend = 'see that the network is there, and that the URL is right'
        return [problem(`${url} cannot be reached: ${error.reason}`, mend)]
      }
      const mend = 'see that the proxy is right, or name the host in NO_PROXY'
      return [problem(`${url} cannot be reached through the proxy ${proxy}: ${error.reason}`, mend)]
    }
  },
}
