import {inspectTokenValue, type TokenKind} from '@apkg/wire'

/** A secret in a file. It says where, never what. */
export interface SecretFinding {
  /** From 1. */
  line: number
  what: string
}

const values: Record<TokenKind, string> = {
  token: 'the value of an API token',
  session: 'the value of a session',
  refresh: 'the value of a refresh token',
}

/** Also one that begins within another's last characters. */
const tokenValue = /(?=(apkg[tsr]_[0-9A-Za-z]{38}))/g

/** Begins a private key in PEM: PKCS #8, PKCS #1, SEC 1, OpenSSH, OpenPGP. */
const armourBegin = /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----/g

/** How far behind its first line the content of a private key begins: headers may come before it. */
const armourReach = 640

/** The same in PuTTY's files, whose private part has a head of its own. */
const puttyBegin = /Private-Lines:[ \t]{0,8}\d{1,4}(?=[\s\\])/g

/** As many characters of base64 are a key. A placeholder, as documentation has it, is none. */
const leastContent = 32
const contentInOneLine = new RegExp(`[A-Za-z0-9+/]{${leastContent}}`)

/** The line ends of a file, and those that stand escaped in a string. */
const lineEnd = /\r?\n|\\+r?n|\\+r\\+n/

/** What may stand before and behind a line of base64: quotes, indentation, the signs of a comment. */
const decoration = /^[^A-Za-z0-9+/]+|[^A-Za-z0-9+/]+$/g

/** The seed of an Ed25519 key, 32 bytes in base64, as the files in `~/.apkg/keys` hold it. */
const keyFile = /"privateKey"\s{0,8}:\s{0,8}"[A-Za-z0-9+/]{43}="/g

/** No secret is longer than this, so that one across two chunks is found. */
const overlap = 1024

/**
 * Looks for secrets in content that comes in chunks: values of apkg tokens, by their checksum; private keys in PEM and
 * of PuTTY; key files of apkg. Text in UTF-16 is looked through as well. What is compressed or encoded is not.
 */
export class SecretScan {
  readonly #found = new Map<string, SecretFinding>()
  #window = ''
  /** Line ends before the window. */
  #linesBefore = 0

  push(chunk: Uint8Array): void {
    // A byte a character: a secret is ASCII. In UTF-16, zeros stand between its characters.
    const text = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1').replaceAll('\0', '')
    this.#window += text
    this.#search()
    const done = Math.max(0, this.#window.length - overlap)
    this.#linesBefore += countLines(this.#window.slice(0, done))
    this.#window = this.#window.slice(done)
  }

  /** What was found so far, by line. */
  get findings(): SecretFinding[] {
    return [...this.#found.values()].sort((a, b) => a.line - b.line)
  }

  #search(): void {
    const text = this.#window
    for (const {index, 1: value = ''} of text.matchAll(tokenValue)) {
      const verdict = inspectTokenValue(value)
      if (verdict.state === 'whole') this.#note(index, values[verdict.kind])
    }
    for (const begin of [armourBegin, puttyBegin]) {
      for (const {index, 0: found} of text.matchAll(begin)) {
        const start = index + found.length
        const [content = ''] = text.slice(start, start + armourReach).split('-----END', 1)
        if (isKey(content)) this.#note(index, 'a private key')
      }
    }
    for (const {index} of text.matchAll(keyFile)) this.#note(index, 'the private key of an apkg key file')
  }

  #note(index: number, what: string): void {
    const line = this.#linesBefore + countLines(this.#window.slice(0, index)) + 1
    this.#found.set(`${line} ${what}`, {line, what})
  }
}

/** Whether it holds the content of a key, folded at whatever column. Words on the way end the search. */
function isKey(content: string): boolean {
  if (contentInOneLine.test(content)) return true
  let count = 0
  for (const line of content.split(lineEnd)) {
    const isHeader = count === 0 && line.includes(': ')
    const bare = isHeader ? '' : line.replaceAll(decoration, '')
    if (!/^[A-Za-z0-9+/]*$/.test(bare)) return false
    count += bare.length
    if (count >= leastContent) return true
  }
  return false
}

function countLines(text: string): number {
  return text.split('\n').length - 1
}

/** The secrets in a text. */
export function secretsIn(text: string): SecretFinding[] {
  const scan = new SecretScan()
  scan.push(Buffer.from(text))
  return scan.findings
}
