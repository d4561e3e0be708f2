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
    if (/^(1|true)$/i.test(env['APKG_NO_PROXY'] ?? '')) return [ok('none, by APKG_NO_PROXY')]
    const {getProxyForUrl} = await import('proxy-from-env')
    const url = await registry()
    const proxy = getProxyForUrl(url)
    return [ok(proxy === '' ? `none for ${url}` : `${new URL(proxy).host} for ${url}`)]
  },
}

function unusable(name: string, value = ''): Finding[] {
  if (value === '') return []
  const protocol = URL.canParse(value) ? new URL(value).protocol : ''
  if (protocol === 'http:' || protocol === 'https:') return []
  return [problem(`${name} is not an http or https URL`, `set ${name} to one like http://proxy.example.com:8080`)]
}
