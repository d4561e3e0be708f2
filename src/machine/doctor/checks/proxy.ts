import {proxyFor} from '@apkg/command-kit'

import type {Check} from '../check.js'
import {ok} from '../finding.js'

/** Shows only the proxy's host, because the URL may contain a password. */
export const proxyCheck: Check = {
  name: 'proxy',
  title: 'Proxy',
  async run({env, registry}) {
    const url = await registry()
    return [ok(`${(await proxyHost(url, env)) ?? 'none'} for ${url}`)]
  },
}

/** The host of the proxy for a registry; undefined if none is used. */
export async function proxyHost(registry: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const proxy = await proxyFor(new URL(registry), env)
  return URL.canParse(proxy) ? new URL(proxy).host : undefined
}
