import {inspectTokenValue, type TokenKind} from '@apkg/wire'

/** Where a secret is, never its value. */
export interface SecretFinding {
  /** Counts from 1. */
  line: number
  /** For example `an API token`. */
  kind: string
}

const tokenKinds: Record<TokenKind, string> = {
  token: 'an API token',
  session: 'a session token',
  refresh: 'a refresh token',
  web: 'a session cookie',
}

/** Overlapping matches are found too. */
const tokenValue = /(?=(apkg[tsrw]_[0-9A-Za-z]{38}))/g

/** The first line of a private key in PEM: PKCS #8, PKCS #1, SEC 1, OpenSSH, OpenPGP. */
const pemBegin = /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----/g

/** Characters after the first line in which the content of a private key is expected. Headers can come before it. */
const maxKeyOffset = 640

/** The line before the private part of a PuTTY key file. */
const puttyBegin = /Private-Lines:[ \t]{0,8}\d{1,4}(?=[\s\\])/g

/** Characters of base64. Anything shorter is a placeholder, as in documentation. */
const minKeyLength = 32
const keyInOneLine = new RegExp(`[A-Za-z0-9+/]{${minKeyLength}}`)

/** Line ends, including escaped ones in strings. */
const lineEnd = /\r?\n|(?<!\\)\\+(?:r?n|r\\+n)/

/** Quotes, indentation or comment signs around a line of base64. */
const decoration = /^[^A-Za-z0-9+/]+|(?<![^A-Za-z0-9+/])[^A-Za-z0-9+/]+$/g

/** An Ed25519 seed, 32 bytes in base64, in the format of the files in `~/.apkg/keys`. */
const keyFile = /"privateKey"\s{0,8}:\s{0,8}"[A-Za-z0-9+/]{43}="/g

/** Characters. No secret is longer, so one that spans two chunks is found. */
const overlap = 1024

/**
 * Scans content in chunks for apkg tokens (recognized by their checksum), private keys in PEM and PuTTY format, and apkg
 * key files. UTF-16 is scanned too; compressed or encoded content is not.
 */
export class SecretScan {
  readonly #found = new Map<string, SecretFinding>()
  #window = ''
  /** Line ends before the window. */
  #linesBefore = 0

  push(chunk: Uint8Array): void {
    // Secrets are ASCII, so one character per byte will do. UTF-16 has zeros in between.
    const text = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1').replaceAll('\0', '')
    this.#window += text
    this.#search()
    const done = Math.max(0, this.#window.length - overlap)
    this.#linesBefore += countLines(this.#window.slice(0, done))
    this.#window = this.#window.slice(done)
  }

  /** The findings so far, sorted by line. */
  get findings(): SecretFinding[] {
    return [...this.#found.values()].sort((a, b) => a.line - b.line)
  }

  #search(): void {
    const text = this.#window
    for (const {index, 1: value = ''} of text.matchAll(tokenValue)) {
      const verdict = inspectTokenValue(value)
      if (verdict.state === 'intact') this.#add(index, tokenKinds[verdict.kind])
    }
    for (const begin of [pemBegin, puttyBegin]) {
      for (const {index, 0: found} of text.matchAll(begin)) {
        const start = index + found.length
        const [content = ''] = text.slice(start, start + maxKeyOffset).split('-----END', 1)
        if (isKey(content)) this.#add(index, 'a private key')
      }
    }
    for (const {index} of text.matchAll(keyFile)) this.#add(index, 'an apkg signing key')
  }

  #add(index: number, kind: string): void {
    const line = this.#linesBefore + countLines(this.#window.slice(0, index)) + 1
    this.#found.set(`${line} ${kind}`, {line, kind})
  }
}

/** Whether the content is a key, wrapped at any column. Prose in between means that it isn't. */
function isKey(content: string): boolean {
  if (keyInOneLine.test(content)) return true
  let count = 0
  for (const line of content.split(lineEnd)) {
    const isHeader = count === 0 && line.includes(': ')
    const bare = isHeader ? '' : line.replaceAll(decoration, '')
    if (!/^[A-Za-z0-9+/]*$/.test(bare)) return false
    count += bare.length
    if (count >= minKeyLength) return true
  }
  return false
}

function countLines(text: string): number {
  let count = 0
  for (let found = text.indexOf('\n'); found !== -1; found = text.indexOf('\n', found + 1)) count++
  return count
}

/** The findings of a `SecretScan` in a complete content. */
export function secretsIn(content: string | Uint8Array): SecretFinding[] {
  const scan = new SecretScan()
  scan.push(Buffer.from(content))
  return scan.findings
}
