import type {Markdown} from '@apkg/command-kit'
import {Document, parseDocument, visit} from 'yaml'

import {unprintable} from '@apkg/wire'

export type {Markdown} from '@apkg/command-kit'

const fence = /^---[ \t]*\r?\n(?:([\s\S]*?)\r?\n)?---[ \t]*(?:\r?\n|$)/

/** Characters. More is no frontmatter that a person wrote, and more than a parser should be given by a stranger. */
const longestFrontmatter = 16 * 1024

/** Collections within each other. The parser calls itself for each, and some thousands of them end the process. */
const deepest = 32

/**
 * Splits a Markdown text. What is no YAML mapping is left in the body, as it is; so is one with aliases, which can stand
 * for more than any memory holds.
 *
 * @param text of a package: anything.
 */
export function parseMarkdown(text: string): Markdown {
  const plain = text.replace(/^\uFEFF+/, '')
  const [whole, head = ''] = fence.exec(plain) ?? []
  const frontmatter = whole === undefined ? undefined : mappingOf(head)
  return frontmatter ? {frontmatter, body: plain.slice(whole?.length)} : {frontmatter: undefined, body: plain}
}

/**
 * The text of a Markdown file. Every value is quoted as YAML 1.1 and 1.2 need it, so that none ends the frontmatter; a
 * body never begins with another one.
 */
export function formatMarkdown({frontmatter = {}, body}: Markdown): string {
  if (Object.keys(frontmatter).length === 0) return body.startsWith('---') ? `\n${body}` : body
  return `---\n${formatYaml(frontmatter)}---\n${body.startsWith('\n') ? '' : '\n'}${body}`
}

function mappingOf(yaml: string): Record<string, unknown> | undefined {
  if (yaml.length > longestFrontmatter || mayBeTooDeep(yaml)) return undefined
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

/** Counts brackets in texts and comments too: whoever has so many there does without frontmatter. */
function mayBeTooDeep(yaml: string): boolean {
  let depth = 0
  for (const character of yaml) {
    if (character === '[' || character === '{') depth++
    else if (character === ']' || character === '}') depth = Math.max(0, depth - 1)
    if (depth > deepest) return true
  }
  return compactNesting.test(yaml)
}

/** Lists of lists on one line, `- - - a`, and mappings as keys, `? ? a`. */
const compactNesting = new RegExp(String.raw`(?:[-?:][ \t]+){${deepest}}`)

/** What some parsers take for the end of a line, or nobody sees: escaped wherever it stands. */
const everyUnprintable = new RegExp(`(?![\\n\\t])${unprintable.source}`, 'gu')

function formatYaml(value: object): string {
  const document = new Document(value, {aliasDuplicateObjects: false, compat: 'yaml-1.1'})
  visit(document, {
    Scalar(_key, scalar) {
      if (typeof scalar.value !== 'string' || scalar.value.search(everyUnprintable) === -1) return
      // By way of UTF-8 a lone surrogate becomes U+FFFD.
      scalar.value = Buffer.from(scalar.value).toString('utf8')
      scalar.type = 'QUOTE_DOUBLE'
    },
  })
  return document.toString({lineWidth: 0}).replaceAll(everyUnprintable, escapeOf)
}

/** As it is spelt between double quotes. */
function escapeOf(character: string): string {
  return String.raw`\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
