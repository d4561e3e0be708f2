import {plainTextOf} from './hidden-texts.js'
import type {PackageFile} from './package-files.js'

/** A host, and where a file names it first. */
export interface NamedHost {
  host: string
  path: string
  /** From 1. */
  line: number
}

/** Characters; longer hosts are cut. */
const maxHost = 256

/** A URL with a host. */
const url = /\b[a-z][a-z\d+.-]{0,20}:\/\/([^\s/?#"'`<>()[\]{}|\\,;]+)/gi

/** What `git clone` and `scp` accept. */
const gitHost = /\bgit@([\w.-]+):/gi

/** A connection in bash: `/dev/tcp/host/port`. */
const deviceHost = /\/dev\/(?:tcp|udp)\/([^\s/"'`<>()|\\;]+)/g

/** An address with a port. */
const addressWithPort = /(?<![\d.])(\d{1,3}(?:\.\d{1,3}){3})(?=:\d)/g

/** What follows a program up to the end of its command, also on the next line after a backslash. */
const given = String.raw`(?:\.exe)?[ \t]+((?:\\\r?\n|[^\n;|&<>()]){1,1000})`

/** Programs that connect to a host that is named without a scheme. */
const connecting = new RegExp(
  String.raw`(?<![\w-])(?:curl|wget|aria2c|nc|ncat|netcat|socat|telnet|s_client|ssh|scp|sftp|rsync|ftp|tftp|ping|dig|nslookup|iwr|irm|invoke-webrequest|invoke-restmethod|start-bitstransfer)${given}`,
  'gi',
)

/** As `connecting`, but these are also ordinary words, so a host counts only with a port or a path. */
const maybeConnecting = new RegExp(String.raw`(?<![\w-])(?:fetch|https?|xh)${given}`, 'gi')

const domain = String.raw`(?:[\p{L}\p{N}_][\p{L}\p{N}_-]{0,62}\.){1,10}\p{L}[\p{L}\p{N}-]{1,62}`
const address = String.raw`\d{1,3}(?:\.\d{1,3}){3}`

/** A domain or an address, after a user, or after `TCP:` as in socat, and before a port or a path. */
const argument = new RegExp(
  String.raw`^["'\x60]*(?:(?:tcp|udp|ssl|openssl)[46]?:)?(?:[\w.%+-]{1,64}@)?(${domain}|${address})(?=$|([:/])|[?#"'\x60,])`,
  'iu',
)

/** File extensions, which look like domains but aren't. */
const file =
  /\.(?:json|jsonc|txt|ya?ml|toml|ini|conf|cfg|env|lock|log|csv|xml|html?|css|jsx?|[cm]js|tsx?|php|rb|java|jar|sql|tar|t?gz|bz2|xz|exe|dll|deb|rpm|jpe?g|png|gif|svg|pdf|pem|crt|key|pub|bak)$/i

/** Options whose value is a file or a text. */
const fileOption =
  /^(?:-[oOTKFdHAbcei]|--(?:output|output-document|upload-file|config|form|data|data-\w+|header|user-agent|cookie|cacert|cert|key))$/

/** The hosts that text files name, each once, where it's first named. */
export function hostsIn(files: readonly PackageFile[]): NamedHost[] {
  const hosts = new Map<string, NamedHost>()
  for (const file of files) {
    const text = plainTextOf(file) ?? ''
    let line = 1
    let position = 0
    for (const {index, authority} of authoritiesIn(text)) {
      const host = hostOf(authority)
      if (host === undefined || hosts.has(host)) continue
      for (; position < index; position++) if (text[position] === '\n') line++
      hosts.set(host, {host, path: file.path, line})
    }
  }
  return [...hosts.values()]
}

function authoritiesIn(text: string): {index: number; authority: string}[] {
  const matches = [url, gitHost, deviceHost, addressWithPort].flatMap((pattern) => [...text.matchAll(pattern)])
  const named = matches.map(({index, 1: authority = ''}) => ({index, authority}))
  const connected = [...text.matchAll(connecting)].flatMap(({index, 1: words = ''}) =>
    hostsAmong(words).map((authority) => ({index, authority})),
  )
  const maybe = [...text.matchAll(maybeConnecting)].flatMap(({index, 1: words = ''}) =>
    hostsAmong(words, {needsMore: true}).map((authority) => ({index, authority})),
  )
  return [...named, ...connected, ...maybe].sort((a, b) => a.index - b.index)
}

/** The hosts among the arguments of a program. @param needsMore whether a port or a path must follow. */
function hostsAmong(given: string, {needsMore = false} = {}): string[] {
  const words = given.split(/[\s\\]+/)
  return words.flatMap((word, position) => {
    const [, host, next] = argument.exec(word) ?? []
    if (host === undefined || fileOption.test(words[position - 1] ?? '')) return []
    return next === undefined && (needsMore || file.test(host)) ? [] : [host]
  })
}

/** Without user, port and punctuation that follows it. */
function hostOf(authority: string): string | undefined {
  const host = authority
    .slice(authority.lastIndexOf('@') + 1)
    .slice(0, maxHost)
    .replace(/:.*$/s, '')
    .toLowerCase()
    .replace(/(?<![^\p{L}\p{N}])[^\p{L}\p{N}]+$/u, '')
  return /[\p{L}\p{N}]/u.test(host) ? host : undefined
}
