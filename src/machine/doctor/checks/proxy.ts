import {proxyFor} from '@apkg/command-kit'

import type {Check} from '../check.js'
import {ok, problem, type Finding} from '../finding.js'

/** Where a proxy is named; as `proxy-from-env` reads them. */
const variables = ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY']

/** A proxy's URL may hold a password: its host alone is shown. */
export const proxyCheck: Check = {
  name: 'proxy',
  title: 'Proxy',
  async examine({env, registry}) {
    const wrong = variables.flatMap((name) => unusable(name, env[name]))
    if (wrong.length > 0) return wrong
    const url = await registry()
    return [ok(`${(await proxyHost(url, env)) ?? 'none'} for ${url}`)]
  },
}

/** The host of the proxy through which a registry is asked; undefined where there is none. */
export async function proxyHost(registry: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const proxy = await proxyFor(new URL(registry), env)
  return URL.canParse(proxy) ? new URL(proxy).host : undefined
}

function unusable(name: string, value = ''): Finding[] {
  if (value === '') return []
  const protocol = URL.canParse(value) ? new URL(value).protocol : ''
  if (protocol === 'http:' || protocol === 'https:') return []
  return [problem(`${name} is not an http or https URL`, `set ${name} to one like http://proxy.example.com:8080`)]
}
