/** A rule listed in AGENTS.md. */
export interface IndexedRule {
  title: string
  /** Relative to the project's directory, with forward slashes. */
  path: string
  /** The files that it's for, if not for all: comma-separated patterns. */
  globs?: string
}

const begin = '<!-- apkg:rules -->'
const end = '<!-- /apkg:rules -->'

/**
 * The text of AGENTS.md with a block that lists some rules, replacing any earlier block; the text around it does not
 * change. Without rules the block is removed, which restores the text from before it was added.
 *
 * @param text undefined if the file does not exist.
 * @returns `text` is undefined if the file should not exist. `problem`: why the block cannot be found.
 */
export function agentsMdWith(
  text: string | undefined,
  rules: readonly IndexedRule[],
): {text: string | undefined; problem?: undefined} | {problem: string} {
  const parts = splitAtBlock(text ?? '')
  if (typeof parts === 'string') return {problem: parts}
  const [before, after] = parts
  // The block has its own line endings, because the text before it may end within a CRLF.
  const isDos = after === undefined ? before.includes('\r\n') : text?.startsWith(`${begin}\r\n`, before.length)
  const eol = isDos ? '\r\n' : '\n'
  if (rules.length === 0) {
    if (after === undefined) return {text}
    // A block with a final line ending was created with the file; in an empty file it was added without one.
    return {text: before === '' && after === eol ? undefined : withoutBlock(before, after, eol)}
  }
  const block = blockOf(rules, eol)
  if (after !== undefined) return {text: before + block + after}
  if (text === undefined) return {text: block + eol}
  // A text without a final line ending gets none, so that removing the block can restore it.
  return {text: before.endsWith(eol) ? before + eol + block + eol : before + eol + eol + block}
}

/** Whether the text of AGENTS.md has a block that lists rules. */
export function hasBlock(text: string | undefined): boolean {
  return text?.includes(begin) ?? false
}

/** Whether the text of AGENTS.md lists a rule. */
export function listsRule(text: string, path: string): boolean {
  return text.includes(`](${linkTarget(path)})`)
}

/** The text before and after the block, the latter undefined if there is no block; or a string that says what is wrong. */
function splitAtBlock(text: string): [before: string, after: string | undefined] | string {
  const [begins, ends] = [countOf(text, begin), countOf(text, end)]
  if (begins === 0 && ends === 0) return [text, undefined]
  const [start, stop] = [text.indexOf(begin), text.indexOf(end)]
  if (begins !== 1 || ends !== 1 || stop < start) return `it must contain exactly one ${begin}, followed by one ${end}`
  return [text.slice(0, start), text.slice(stop + end.length)]
}

function countOf(text: string, part: string): number {
  return text.split(part).length - 1
}

function withoutBlock(before: string, after: string, eol: string): string {
  if (after === '') return cut(cut(before, eol), eol)
  // Text was added right after the block. The line ending before the block keeps it on its own line.
  if (!after.startsWith(eol)) return before + after
  const isBlankBefore = before.endsWith(eol + eol)
  return (isBlankBefore ? cut(before, eol) : before) + after.slice(eol.length)
}

function cut(text: string, ending: string): string {
  return text.endsWith(ending) ? text.slice(0, -ending.length) : text
}

function blockOf(rules: readonly IndexedRule[], eol: string): string {
  const lines = rules.map(({title, path, globs}) => `- [${linkText(title)}](${linkTarget(path)})${scopeOf(globs)}`)
  return [begin, '', '## Rules', '', ...lines, '', end].join(eol)
}

/** Says which files a rule is for. */
function scopeOf(globs: string | undefined): string {
  return globs === undefined ? '' : `, only for files that match ${linkText(globs)}`
}

/** Characters. Codex reads 32 KiB of AGENTS.md, and long titles would hide other rules. */
const maxTitleLength = 300

/** The title on one line, with Markdown escaped. */
function linkText(title: string): string {
  const line = title.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim()
  return [...line]
    .slice(0, maxTitleLength)
    .join('')
    .replaceAll(/[\\[\]<>`*_&!#|~]/g, String.raw`\$&`)
}

function linkTarget(path: string): string {
  return encodeURI(path).replaceAll('(', '%28').replaceAll(')', '%29')
}
