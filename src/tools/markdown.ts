import type {Markdown} from '@apkg/command-kit'
import {Document, parseDocument, visit} from 'yaml'

import {unprintable} from '@apkg/wire'

export type {Markdown} from '@apkg/command-kit'

const fence = /^---[ \t]*\r?\n(?:([\s\S]*?)\r?\n)?---[ \t]*(?:\r?\n|$)/

/** Characters. People do not write longer frontmatter, and a parser should not process more untrusted input. */
const maxFrontmatterLength = 16 * 1024

/** Nested collections. The parser is recursive, and a few thousand levels crash the process. */
const maxDepth = 32

/**
 * Splits a Markdown text into frontmatter and body. Frontmatter that is not a YAML mapping stays in the body. So does one
 * with aliases, which could expand to any size.
 *
 * @param text untrusted.
 */
export function parseMarkdown(text: string): Markdown {
  const plain = text.replace(/^\uFEFF+/, '')
  const [match, head = ''] = fence.exec(plain) ?? []
  const frontmatter = match === undefined ? undefined : mappingOf(head)
  return frontmatter ? {frontmatter, body: plain.slice(match?.length)} : {frontmatter: undefined, body: plain}
}

/**
 * The text of a Markdown file. Values are quoted as YAML 1.1 and 1.2 require, so that none ends the frontmatter early, and
 * a body never starts with something that reads as frontmatter.
 */
export function formatMarkdown({frontmatter = {}, body}: Markdown): string {
  if (Object.keys(frontmatter).length === 0) return body.startsWith('---') ? `\n${body}` : body
  return `---\n${formatYaml(frontmatter)}---\n${body.startsWith('\n') ? '' : '\n'}${body}`
}

function mappingOf(yaml: string): Record<string, unknown> | undefined {
  if (yaml.length > maxFrontmatterLength || mayBeTooDeep(yaml)) return undefined
  if (yaml.trim() === '') return {}
  try {
    const document = parseDocument(yaml, {logLevel: 'silent', prettyErrors: false, resolveKnownTags: false})
    const value: unknown = document.errors.length > 0 ? undefined : document.toJS({maxAliasCount: 0})
    const isMapping = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isMapping ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

/** Also counts brackets in strings and comments, where so many are just as unlikely. */
function mayBeTooDeep(yaml: string): boolean {
  let depth = 0
  for (const character of yaml) {
    if (character === '[' || character === '{') depth++
    else if (character === ']' || character === '}') depth = Math.max(0, depth - 1)
    if (depth > maxDepth) return true
  }
  return compactNesting.test(yaml)
}

/** Lists of lists on one line, `- - - a`, and mappings as keys, `? ? a`. */
const compactNesting = new RegExp(String.raw`(?:[-?:][ \t]+){${maxDepth}}`)

/** Invisible characters, and those that some parsers treat as line endings. They are always escaped. */
const everyUnprintable = new RegExp(`(?![\\n\\t])${unprintable.source}`, 'gu')

function formatYaml(value: object): string {
  const document = new Document(value, {aliasDuplicateObjects: false, compat: 'yaml-1.1'})
  visit(document, {
    Scalar(_key, scalar) {
      if (typeof scalar.value !== 'string' || scalar.value.search(everyUnprintable) === -1) return
      // Encoding as UTF-8 turns a lone surrogate into U+FFFD.
      scalar.value = Buffer.from(scalar.value).toString('utf8')
      scalar.type = 'QUOTE_DOUBLE'
    },
  })
  return document.toString({lineWidth: 0}).replaceAll(everyUnprintable, escapeOf)
}

/** The escape sequence between double quotes. */
function escapeOf(character: string): string {
  return String.raw`\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
