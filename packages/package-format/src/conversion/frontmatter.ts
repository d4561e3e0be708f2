import {isAlias, isCollection, isMap, isNode, isPair, isScalar, visit, type Document, type Pair} from 'yaml'

import {concernsAccess} from './access-fields.js'
import {hasHiddenCharacters} from './hidden-characters.js'
import {isTooDeep, maxYamlDepth, maxYamlLength, parseYaml} from './parse-yaml.js'

/** A field of frontmatter. */
export interface FrontmatterField {
  key: string
  /** Numbers that JavaScript would respell, such as `1.10` and `0755`, are strings. */
  value: unknown
  /** The lines of the field as written. Undefined if parsers may disagree about them, so they must be written anew. */
  source: string | undefined
}

/** Why frontmatter can't be read. The message completes "the frontmatter is invalid: …". */
export class FrontmatterProblem extends Error {
  constructor(
    /** In the text, from 1. */
    readonly line: number,
    message: string,
  ) {
    super(message)
    this.name = 'FrontmatterProblem'
  }
}

const maxFields = 200

/**
 * Reads the text between two `---` lines: strictly as YAML and, if that fails, field by field. Most published frontmatter
 * isn't valid YAML: `description: Use when: …`, `globs: *.go`, `argument-hint: [a] [b]`.
 *
 * @param text untrusted, with LF line endings.
 * @param firstLine the number of its first line, for problems.
 * @throws {FrontmatterProblem}
 */
export function parseFrontmatter(text: string, firstLine: number): FrontmatterField[] {
  if (text.length > maxYamlLength)
    throw new FrontmatterProblem(firstLine, `it is longer than ${maxYamlLength} characters`)
  if (isTooDeep(text)) throw new FrontmatterProblem(firstLine, `it is nested more than ${maxYamlDepth} levels deep`)
  if (text.split(/^[^\s#-]/m).length - 1 > maxFields) {
    throw new FrontmatterProblem(firstLine, `it has more than ${maxFields} fields`)
  }
  return strictlyParsed(text) ?? parseFieldByField(text, firstLine)
}

/** By text, the last ones. The file of a definition is read once for each tool, and once for each tool that also reads it. */
const parsed = new Map<string, FrontmatterField[] | undefined>()

const maxParsed = 64

function strictlyParsed(text: string): FrontmatterField[] | undefined {
  if (!parsed.has(text)) {
    if (parsed.size === maxParsed) parsed.clear()
    parsed.set(text, parseStrictly(text))
  }
  return parsed.get(text)?.slice()
}

function parseStrictly(text: string): FrontmatterField[] | undefined {
  const pairs = pairsIn(text)
  if (!pairs) return undefined
  // The lines of an indented field would continue the field before it if that one is replaced.
  const startLines = pairs.every(({start}) => start === 0 || text[start - 1] === '\n')
  return pairs.map(({key, value, start, isRespelled}, position) => {
    const source = text.slice(position === 0 ? 0 : start, pairs[position + 1]?.start)
    const isKept = startLines && !isRespelled && isUnambiguous(source, key, value)
    return {key, value, source: isKept ? withNewline(source) : undefined}
  })
}

/** Fields that hold a text in any form, also over several lines. */
const textFields = new Set(['description', 'argument-hint', 'when_to_use', 'when-to-use'])

interface ParsedPair {
  key: string
  value: unknown
  /** Offset of the key. */
  start: number
  /** Whether tools would read something other than the value, so it must be quoted for them. */
  isRespelled: boolean
}

/** The pairs of a YAML mapping; undefined if the text is anything else. Empty text has none. */
function pairsIn(text: string): ParsedPair[] | undefined {
  try {
    const document = parseYaml(text)
    if (!document) return undefined
    const {contents} = document
    if (contents === null) return []
    if (!isMap(contents)) return undefined
    keepSpelling(document)
    return contents.items.map((pair) => pairOf(pair, document, text))
  } catch {
    return undefined
  }
}

/** @throws {Error} if the key isn't a plain name, or the value has aliases or merge keys. */
function pairOf({key, value}: Pair, document: Document, text: string): ParsedPair {
  if (!isScalar(key) || typeof key.value !== 'string' || !key.range) throw new Error('not a name')
  visit(isNode(value) ? value : null, {
    Pair(_, pair) {
      if (isScalar(pair.key) && pair.key.value === '<<') throw new Error('merge key')
    },
  })
  if (key.value === '<<') throw new Error('merge key')
  const read: unknown = isNode(value) ? value.toJS(document, {maxAliasCount: 0}) : value
  const meant = textFields.has(key.value) ? asText(read, value, text) : read
  // Tools show an argument hint in brackets as it is.
  const isRespelled = meant !== read && key.value !== 'argument-hint'
  return {key: key.value, value: meant, start: key.range[0], isRespelled}
}

/** Brackets and numbers in prose are meant as text: `argument-hint: [env]`. Lists on several lines stay lists. */
function asText(read: unknown, node: unknown, text: string): unknown {
  const isText = read === null || read === undefined || typeof read === 'string'
  if (isText || !isNode(node) || !node.range || (isCollection(node) && node.flow !== true)) return read
  return text.slice(node.range[0], node.range[1]).replaceAll(/\s+/g, ' ')
}

/** Turns numbers that would be respelled into strings. */
function keepSpelling(document: Document): void {
  visit(document, {
    Scalar(_, scalar) {
      const {value, source} = scalar
      if (typeof value === 'number' && source !== undefined && String(value) !== source) scalar.value = source
    },
  })
}

/** Whether every YAML parser finds this one field in its lines. */
function isUnambiguous(source: string, key: string, value: unknown): boolean {
  if (hasHiddenCharacters(source)) return false
  const [pair, ...others] = pairsIn(source) ?? []
  if (!pair || others.length > 0 || pair.key !== key) return false
  return JSON.stringify(pair.value) === JSON.stringify(value) && !hasTagsOrAnchors(source)
}

function hasTagsOrAnchors(source: string): boolean {
  const document = parseYaml(source)
  if (!document) return true
  const found: unknown[] = []
  visit(document, (_, node) => {
    if (isPair(node) || !isNode(node)) return
    const {tag, anchor} = node as {tag?: string; anchor?: string}
    if (isAlias(node) || tag !== undefined || anchor !== undefined) found.push(node)
  })
  return found.length > 0
}

/** The start of a field: a name without blanks, and a colon. */
const fieldStart = /^([A-Za-z_][\w.-]*)[ \t]*:(?:[ \t]+(.*))?$/s

/** Lines that continue a field: indented, list items, comments and blank lines. */
const continuation = /^(?:[ \t]|- |-$|#|$)/

interface Lines {
  key: string
  /** After the colon, trimmed. */
  head: string
  /** The lines after the first. */
  rest: string[]
  line: number
}

/** @throws {FrontmatterProblem} */
function parseFieldByField(text: string, firstLine: number): FrontmatterField[] {
  const fields = new Map<string, FrontmatterField>()
  for (const lines of splitFields(text, firstLine)) {
    const {key, line} = lines
    const field = parseField(lines)
    const earlier = fields.get(key)
    const isSame = earlier && JSON.stringify(earlier.value) === JSON.stringify(field.value)
    if (earlier && !isSame && concernsAccess(key)) throw new FrontmatterProblem(line, `\`${key}\` is set twice`)
    fields.delete(key)
    fields.set(key, field)
  }
  return [...fields.values()]
}

function splitFields(text: string, firstLine: number): Lines[] {
  const fields: Lines[] = []
  for (const [index, each] of text.split('\n').entries()) {
    const [start, key, head = ''] = fieldStart.exec(each) ?? []
    const last = fields.at(-1)
    if (key !== undefined && start !== undefined)
      fields.push({key, head: head.trim(), rest: [], line: firstLine + index})
    else if (last && continuation.test(each)) last.rest.push(each)
    else if (each.trim() !== '' && !each.startsWith('#')) {
      throw new FrontmatterProblem(firstLine + index, 'this line is not a field, such as `name: value`')
    }
  }
  return fields
}

/** @throws {FrontmatterProblem} */
function parseField({key, head, rest, line}: Lines): FrontmatterField {
  const lines = rest.filter((each) => each.trim() !== '' && !each.trimStart().startsWith('#'))
  const asWritten = [`${key}: ${head}`.trimEnd(), ...rest].join('\n')
  for (const candidate of [asWritten, asWritten.replaceAll('\t', '  ')]) {
    const [field, ...others] = parseStrictly(candidate) ?? []
    if (field?.key === key && others.length === 0) return field
  }
  const value = lines.length === 0 ? plainValue(key, head) : (listIn(head, lines) ?? proseIn(key, head, lines))
  if (value === undefined || (concernsAccess(key) && typeof value === 'string' && /^[[{|>]/.test(value))) {
    throw new FrontmatterProblem(line, `the value of \`${key}\` is not valid YAML`)
  }
  return {key, value, source: undefined}
}

/** Several values in quotes: `"*.ts", "*.tsx"`. */
const quotedList = /^(?:"[^"]*"|'[^']*')(?:\s*,\s*(?:"[^"]*"|'[^']*'))+$/

/** A value on one line: a list in brackets, or of what an author allows in quotes, else the text itself. */
function plainValue(key: string, head: string): string | string[] {
  if (concernsAccess(key) && quotedList.test(head)) return splitOutsideParentheses(head)
  const [, inner] = textFields.has(key) ? [] : (/^\[([^[\]]*)\]$/.exec(head) ?? [])
  return inner === undefined ? unquote(head) : splitOutsideParentheses(inner)
}

/** Commas within parentheses and braces belong to their item: `Bash(git add, git commit)`. */
function splitOutsideParentheses(text: string): string[] {
  return (text.match(/(?:[^,({]|\([^)]*\)?|\{[^}]*\}?)+/g) ?? []).map((each) => unquote(each.trim())).filter(Boolean)
}

function listIn(head: string, lines: readonly string[]): string[] | undefined {
  const items = lines.map((each) => /^[ \t]*-[ \t]+(.*)$/.exec(each)?.[1])
  return head === '' && items.every((item) => item !== undefined)
    ? items.map((item) => unquote(item.trim()))
    : undefined
}

function proseIn(key: string, head: string, lines: readonly string[]): string | undefined {
  if (!textFields.has(key)) return undefined
  const text = [head.replace(/^[|>][+-]?$/, ''), ...lines.map((each) => each.trim())].join(' ').trim()
  return unquote(text)
}

function unquote(text: string): string {
  const [, , inner] = /^(["'])(.*)\1$/s.exec(text) ?? []
  return inner ?? text
}

function withNewline(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`
}
