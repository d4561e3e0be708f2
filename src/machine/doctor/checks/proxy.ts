import {proxyFor} from '@apkg/command-kit'

import type {Check} from '../check.js'
import {ok, problem, type Finding} from '../finding.js'

/** The variables that `proxy-from-env` reads. */
const variables = ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY']

/** Shows only the proxy's host, because the URL may contain a password. */
export const proxyCheck: Check = {
  name: 'proxy',
  title: 'Proxy',
  async run({env, registry}) {
    const wrong = variables.flatMap((name) => unusable(name, env[name]))
    if (wrong.length > 0) return wrong
    const url = await registry()
    return [ok(`${(await proxyHost(url, env)) ?? 'none'} for ${url}`)]
  },
}

/** The host of the proxy for a registry; undefined if none is used. */
export async function proxyHost(registry: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const proxy = await proxyFor(new URL(registry), env)
  return URL.canParse(proxy) ? new URL(proxy).host : undefined
}

function unusable(name: string, value = ''): Finding[] {
  if (value === '') return []
  const protocol = URL.canParse(value) ? new URL(value).protocol : ''
  if (protocol === 'http:' || protocol === 'https:') return []
  return [problem(`${name} is not an http or https URL`, `set ${name} to a URL such as http://proxy.example.com:8080`)]
}
