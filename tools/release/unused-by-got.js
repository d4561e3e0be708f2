/**
 * Packages that got loads for options that apkg never uses: `cache`, `dnsCache`, `decompress` and `http2`. See
 * `packages/command-kit/src/client/send-request.ts`. Loading `http2-wrapper` alone creates a TLS socket, for which Node
 * reads the system's certificates.
 */
const unused = ['cacheable-request', 'cacheable-lookup', 'decompress-response', 'http2-wrapper']

const absent = `
  export default class Absent {
    constructor() { throw new Error('This part of got is not in the release: see tools/release/unused-by-got.js') }
  }
  export class CacheError extends Error {}`

export function withoutUnused() {
  return {
    name: 'unused-by-got',
    setup({onResolve, onLoad, onEnd}) {
      const found = new Set()
      onResolve({filter: new RegExp(`^(${unused.join('|')})$`)}, ({path}) => {
        found.add(path)
        return {path, namespace: 'absent'}
      })
      onLoad({filter: /.*/, namespace: 'absent'}, () => ({contents: absent}))
      onEnd(() => {
        const missing = unused.filter((name) => !found.has(name))
        if (missing.length > 0) throw new Error(`got no longer imports ${missing.join(', ')}`)
      })
    },
  }
}
