import {readFileSync} from 'node:fs'

/** What loads Node's crypto and TLS for a request over plain http too, by the file it is in, and what does as well. */
const changes = [
  // Nobody but a listener to got's diagnostics channels is told the id of a request.
  ['diagnostics-channel.js', "import { randomUUID } from 'node:crypto';", 'let count = 0;'],
  ['diagnostics-channel.js', 'return randomUUID();', 'return String(++count);'],
  // The same check, looked up when there is a certificate to check.
  ['options.js', '?? checkServerIdentity,', '?? ((...asked) => checkServerIdentity(...asked)),'],
]

/** Over https both are needed. To a registry on this machine they are a tenth of `apkg token list`. */
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
