import {Document, visit} from 'yaml'

import {FrontmatterProblem, parseFrontmatter, type FrontmatterField} from './frontmatter.js'
import {hasHiddenCharacters, hiddenCharacters} from './hidden-characters.js'

/** A Markdown text, split. */
export interface Markdown {
  /** By key. Undefined without frontmatter. */
  frontmatter: Readonly<Record<string, unknown>> | undefined
  /** The fields of the frontmatter in their order. */
  fields: readonly FrontmatterField[]
  body: string
}

/**
 * Splits a Markdown text into frontmatter and body.
 *
 * @param text untrusted.
 * @throws {FrontmatterProblem} if it has frontmatter that can't be read.
 */
export function parseMarkdown(text: string): Markdown {
  const plain = text.replace(/^\uFEFF+/, '')
  const [opening] = /^(?:[ \t]*\r?\n)*---[ \t]*\r?\n/.exec(plain) ?? []
  const withoutFrontmatter = {frontmatter: undefined, fields: [], body: plain}
  if (opening === undefined) return withoutFrontmatter
  const firstLine = opening.split('\n').length
  const rest = plain.slice(opening.length)
  const closing = /^---[ \t]*\r?$/m.exec(rest)
  const head = (closing ? rest.slice(0, closing.index) : rest).replaceAll('\r\n', '\n')
  if (!closing) {
    // A text may begin with a horizontal rule.
    if (!startsWithField.test(head)) return withoutFrontmatter
    throw new FrontmatterProblem(firstLine - 1, 'its closing `---` is missing')
  }
  if (!isFrontmatter(head)) return withoutFrontmatter
  const fields = parseFrontmatter(head, firstLine)
  const frontmatter = Object.fromEntries(fields.map(({key, value}) => [key, value]))
  const body = rest.slice(closing.index + closing[0].length).replace(/^\n/, '')
  return {frontmatter, fields, body}
}

/** A field after comments and blank lines. */
const startsWithField = /^(?:[ \t]*(?:#.*)?\n)*[ \t]*["']?[\w.-]+["']?[ \t]*:/

/**
 * Whether a text between two `---` lines could be a mapping, or is empty except for comments. Anything else is prose
 * between two rules. If in doubt, it is treated as frontmatter, because a limit in it must not be lost.
 */
function isFrontmatter(head: string): boolean {
  const lines = head.split('\n').filter((line) => !/^\s*(?:#|$)/.test(line))
  return lines.length === 0 || lines.some((line) => /:(?:\s|$)|^\s*[{?]/.test(line))
}

/**
 * The text of a Markdown file with some fields changed or left out. All other fields, and the body, stay as written.
 *
 * @param changes values by key. New keys are added, `name` first.
 * @param omitted keys to leave out.
 */
export function rewriteMarkdown(
  {fields, body}: Pick<Markdown, 'fields' | 'body'>,
  changes: Readonly<Record<string, unknown>> = {},
  omitted: readonly string[] = [],
): string {
  const kept = fields.filter(({key}) => !omitted.includes(key))
  const known = new Set(kept.map(({key}) => key))
  const added = Object.entries(changes).filter(([key]) => !known.has(key))
  const lines = [
    ...added.filter(([key]) => key === 'name').map(([key, value]) => formatYaml({[key]: value})),
    ...kept.map(({key, value, source}) => {
      const wanted = Object.hasOwn(changes, key) ? changes[key] : value
      const isUnchanged = JSON.stringify(wanted) === JSON.stringify(value)
      return isUnchanged && source !== undefined ? source : formatYaml({[key]: wanted})
    }),
    ...added.filter(([key]) => key !== 'name').map(([key, value]) => formatYaml({[key]: value})),
  ]
  if (lines.length === 0) return formatBody(body)
  const separator = fields.length === 0 && !body.startsWith('\n') ? '\n' : ''
  return `---\n${lines.join('')}---\n${separator}${body}`
}

/** The text of a Markdown file with these fields. Values are quoted as YAML 1.1 and 1.2 require. */
export function formatMarkdown(frontmatter: Readonly<Record<string, unknown>>, body: string): string {
  return rewriteMarkdown({fields: [], body}, frontmatter)
}

/** A body must not start with something that reads as frontmatter. */
function formatBody(body: string): string {
  return /^\s*---/.test(body) ? `<!-- -->\n${body}` : body
}

function formatYaml(value: object): string {
  const document = new Document(value, {aliasDuplicateObjects: false, compat: 'yaml-1.1'})
  visit(document, {
    Scalar(_key, scalar) {
      if (typeof scalar.value !== 'string' || !hasHiddenCharacters(scalar.value)) return
      // Encoding as UTF-8 turns a lone surrogate into U+FFFD.
      scalar.value = Buffer.from(scalar.value).toString('utf8')
      scalar.type = 'QUOTE_DOUBLE'
    },
  })
  return document.toString({lineWidth: 0}).replaceAll(hiddenCharacters, escapeOf)
}

/** The escape sequence between double quotes. */
function escapeOf(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16)
  return code.length > 4 ? String.raw`\U${code.padStart(8, '0')}` : String.raw`\u${code.padStart(4, '0')}`
}
