import {proxyFor} from '@apkg/command-kit'

import type {Check} from '../check.js'
import {ok, skipped} from '../finding.js'

/** Shows only the proxy's host, because the URL may contain a password. */
export const proxyCheck: Check = {
  name: 'proxy',
  title: 'Proxy',
  async run({env, offline, registry, probe}) {
    const url = await registry()
    const host = await proxyHost(url, env)
    if (host === undefined) return [ok(`none for ${url}`)]
    const used = `${host} for ${url}`
    if (offline) return [skipped(`${used}, not checked while offline`)]
    const isAnswered = await probe().then(
      () => true,
      () => false,
    )
    return [isAnswered ? ok(used) : skipped(`${used}, not checked: see Registry below`)]
  },
}

/** The host of the proxy for a registry; undefined if none is used. */
export async function proxyHost(registry: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const proxy = await proxyFor(new URL(registry), env)
  return URL.canParse(proxy) ? new URL(proxy).host : undefined
}
