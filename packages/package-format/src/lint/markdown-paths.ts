import type {Position} from './finding.js'

/** A path in a Markdown text. */
export interface MarkdownPath extends Position {
  /** Without a fragment, decoded. */
  path: string
  /** Whether it's the target of a link or an image. Otherwise it's in code. */
  isLink: boolean
}

/** Finds the relative paths that a Markdown text links to, and those in its code that have a directory. */
export function markdownPaths(text: string): MarkdownPath[] {
  const paths: MarkdownPath[] = []
  let fence: string | undefined
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const [, marker] = /^[ \t>]*(`{3,}|~{3,})/.exec(line) ?? []
    const isFence = marker !== undefined && (fence === undefined || marker.startsWith(fence))
    if (isFence) fence = fence === undefined ? marker : undefined
    else paths.push(...(fence === undefined ? inProse(line, index + 1) : inCode(line, 0, line, index + 1)))
  }
  return paths
}

function inProse(line: string, number: number): MarkdownPath[] {
  const paths: MarkdownPath[] = []
  let prose = ''
  // Spans of code are blanked, so that columns stay the same.
  for (const {isCode, text, start} of spansOf(line)) {
    if (isCode) paths.push(...inCode(text, start, line, number))
    prose += isCode ? ' '.repeat(text.length) : text
  }
  for (let at = prose.indexOf(']('); at !== -1; at = prose.indexOf('](', at + 2)) {
    const path = targetAt(prose, at + 2)
    if (path !== undefined && isRelative(path.text)) {
      paths.push({path: plainPath(path.text), isLink: true, line: number, column: columnOf(line, path.start)})
    }
  }
  return paths
}

interface Span {
  isCode: boolean
  text: string
  start: number
}

/** Code between runs of equally many backticks, and what's around it. */
function spansOf(line: string): Span[] {
  const parts = line.split(/(`+)/)
  const spans: Span[] = []
  let start = 0
  for (let index = 0; index < parts.length; index++) {
    const part = parts[index] ?? ''
    const end = index % 2 === 1 ? parts.indexOf(part, index + 1) : -1
    const isCode = end !== -1 && end % 2 === 1
    const text = isCode ? parts.slice(index, end + 1).join('') : part
    spans.push({isCode, text, start})
    start += text.length
    if (isCode) index = end
  }
  return spans
}

/** The destination of a link: in angle brackets, or up to a blank or the closing parenthesis. */
function targetAt(line: string, from: number): {text: string; start: number} | undefined {
  const rest = line.slice(from)
  const blanks = rest.length - rest.trimStart().length
  const start = from + blanks
  const text = rest.trimStart()
  if (text.startsWith('<')) {
    const end = text.indexOf('>')
    return end === -1 ? undefined : {text: text.slice(1, end), start: start + 1}
  }
  let depth = 0
  for (const [index, character] of [...text].entries()) {
    if (character === '(') depth++
    if (character === ')') depth--
    if (depth < 0 || /\s/.test(character)) return {text: [...text].slice(0, index).join(''), start}
  }
  return undefined
}

/** Placeholders of templates and globs, and paths that don't start at the skill. */
const notRelative = /^(?:[a-z][a-z0-9+.-]*:|[/#?~@]|\\)|[{}<>$*|"'`]|\.\.\.|…/i

/** A file's extension, or the slash at the end of a directory, before a fragment. */
const extension = /(?:\.[A-Za-z0-9]+|\/)(?:[?#].*)?$/

/** Whether a link's target is a relative path of a file or a directory, rather than an example such as `url`. */
function isRelative(target: string): boolean {
  return !notRelative.test(target) && extension.test(target) && !/^(?:path|path-to|your-[^/]*)\//.test(target)
}

function plainPath(target: string): string {
  const [path = ''] = target.split(/[?#]/, 1)
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

/** Relative paths in code, with a directory and an extension: `scripts/extract.py`. */
const pathInCode = /(?<![\w./@:~$\\{}-])(?:\.\/)?[\w-][\w.-]*(?:\/[\w.-]+)*\/[\w.-]*\.\w+(?![\w/*{}$<])/g

function inCode(text: string, offset: number, line: string, number: number): MarkdownPath[] {
  // Much longer lines are data.
  if (text.length > 2000) return []
  return [...text.matchAll(pathInCode)].map(({0: path, index}) => ({
    path,
    isLink: false,
    line: number,
    column: columnOf(line, offset + index),
  }))
}

/** In code points, from 1. */
function columnOf(line: string, index: number): number {
  return [...line.slice(0, index)].length + 1
}
