/** A rule as AGENTS.md names it. */
export interface IndexedRule {
  title: string
  /** Relative to the project's folder, with forward slashes. */
  path: string
}

const begin = '<!-- apkg:rules -->'
const end = '<!-- /apkg:rules -->'

/**
 * The text of AGENTS.md with a block that names some rules, in the place of the one that is there; what stands around it
 * stays as it is. Without rules there is no block: a text to which one was added is then what it was before.
 *
 * @param text undefined where there is no such file.
 * @returns `text` is undefined where nothing is left for a file. `problem`: why the block cannot be found, completing
 *   "AGENTS.md was left: …".
 */
export function agentsMdWith(
  text: string | undefined,
  rules: readonly IndexedRule[],
): {text: string | undefined; problem?: undefined} | {problem: string} {
  const parts = splitAtBlock(text ?? '')
  if (typeof parts === 'string') return {problem: parts}
  const [before, after] = parts
  // A block has its own line ends: what stands before it may end with half a one.
  const isDos = after === undefined ? before.includes('\r\n') : text?.startsWith(`${begin}\r\n`, before.length)
  const eol = isDos ? '\r\n' : '\n'
  if (rules.length === 0) {
    if (after === undefined) return {text}
    // As it is where there was no file; of an empty one the block has no last line end.
    return {text: before === '' && after === eol ? undefined : withoutBlock(before, after, eol)}
  }
  const block = blockOf(rules, eol)
  if (after !== undefined) return {text: before + block + after}
  if (text === undefined) return {text: block + eol}
  // A text without a last line end gets none, which is how it is told from one with it when the block goes.
  return {text: before.endsWith(eol) ? before + eol + block + eol : before + eol + eol + block}
}

/** Whether a text of AGENTS.md names a rule. */
export function namesRule(text: string, path: string): boolean {
  return text.includes(`](${linkTarget(path)})`)
}

/** What stands before the block and after it; after it undefined where there is none. Else what is wrong. */
function splitAtBlock(text: string): [before: string, after: string | undefined] | string {
  const [begins, ends] = [countOf(text, begin), countOf(text, end)]
  if (begins === 0 && ends === 0) return [text, undefined]
  const [start, stop] = [text.indexOf(begin), text.indexOf(end)]
  if (begins !== 1 || ends !== 1 || stop < start)
    return `it does not have exactly one ${begin} and, behind it, one ${end}`
  return [text.slice(0, start), text.slice(stop + end.length)]
}

function countOf(text: string, part: string): number {
  return text.split(part).length - 1
}

function withoutBlock(before: string, after: string, eol: string): string {
  if (after === '') return cut(cut(before, eol), eol)
  // Somebody wrote on behind the block: the line end before it keeps their line apart from the one above.
  if (!after.startsWith(eol)) return before + after
  const isBlankBefore = before.endsWith(eol + eol)
  return (isBlankBefore ? cut(before, eol) : before) + after.slice(eol.length)
}

function cut(text: string, ending: string): string {
  return text.endsWith(ending) ? text.slice(0, -ending.length) : text
}

function blockOf(rules: readonly IndexedRule[], eol: string): string {
  const lines = rules.map(({title, path}) => `- [${linkText(title)}](${linkTarget(path)})`)
  return [begin, '', '## Rules', '', ...lines, '', end].join(eol)
}

/** One line that Markdown takes for nothing but text. */
function linkText(title: string): string {
  return title
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .replaceAll(/[\\[\]<>`*_&!#|~]/g, String.raw`\$&`)
}

function linkTarget(path: string): string {
  return encodeURI(path).replaceAll('(', '%28').replaceAll(')', '%29')
}
