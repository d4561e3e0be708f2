import {readFileSync} from 'node:fs'

/** The code in got that loads Node's crypto and TLS even for plain http, by file, and its replacement. */
const changes = [
  // Only listeners on got's diagnostics channels see the ID of a request.
  ['diagnostics-channel.js', "import { randomUUID } from 'node:crypto';", 'let count = 0;'],
  ['diagnostics-channel.js', 'return randomUUID();', 'return String(++count);'],
  // The same check, but loaded only for a certificate.
  ['options.js', '?? checkServerIdentity,', '?? ((...args) => checkServerIdentity(...args)),'],
]

/** Loads crypto and TLS only for https. They take a tenth of the time of `apkg token list` with a local registry. */
export function gotOverHttp() {
  return {
    name: 'got-over-http',
    setup({onLoad, onEnd}) {
      const missed = new Set(changes.map(([, from]) => from))
      onLoad({filter: /got[/\\]dist[/\\]source[/\\]core[/\\](diagnostics-channel|options)\.js$/}, ({path}) => {
        let contents = readFileSync(path, 'utf8')
        for (const [file, from, to] of changes) {
          if (!path.endsWith(file) || contents.split(from).length !== 2) continue
          missed.delete(from)
          contents = contents.replace(from, to)
        }
        return {contents}
      })
      onEnd(() => {
        if (missed.size > 0) throw new Error(`got no longer has ${[...missed].join(', ')}`)
      })
    },
  }
}
