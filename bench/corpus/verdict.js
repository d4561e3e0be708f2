// Judges a tool's files by their source.
import {parse as parseToml} from 'smol-toml'

import {fieldsIn, widening} from './widening.js'

const verdicts = ['as written', 'narrowed', 'refused', 'changed', 'lost', 'widened']
/** The verdicts that are faults of apkg. */
export const faults = ['changed', 'lost', 'widened']

export function noVerdicts() {
  return Object.fromEntries(verdicts.map((each) => [each, 0]))
}

/**
 * Compares what a tool gets with its source.
 *
 * @param definition the one definition of the package
 * @param source the files of the package
 */
export function verdictOf(type, {file, markdown}, {files, adjustments, refused}, tool, source) {
  if (refused.length > 0) return {verdict: 'refused', why: refused[0].reason}
  const [main] = files
  if (!main) return {verdict: 'lost', why: 'no file is written'}
  const isNoted = adjustments.length > 0
  const origin = {path: file.path, frontmatter: markdown.frontmatter ?? {}, policy: policyIn(source)}
  const why = widening(type, origin, main, {files, tool, isNoted})
  if (why) return {verdict: 'widened', why}
  if (bodyOf(main) !== markdown.body.trim()) return {verdict: 'changed', why: 'its text'}
  const other =
    main.path.endsWith('/SKILL.md') && type !== 'rule' ? changedFile(main, file, files, source) : unexpectedFile(files)
  if (other) return {verdict: 'changed', why: other}
  if (isNoted) return {verdict: 'narrowed'}
  const {description} = fieldsIn(main)
  const isSame =
    description === undefined || oneLine(description) === oneLine(markdown.frontmatter?.description ?? description)
  return isSame ? {verdict: 'as written'} : {verdict: 'changed', why: 'its description'}
}

/** A file that is written although there is one definition. */
function unexpectedFile([, ...more]) {
  return more.length > 0 ? `${more[0].path} is written` : undefined
}

/** What Codex's settings of a skill say about starting it. */
function policyIn(source) {
  const settings = source.find(({path}) => path.toLowerCase() === 'agents/openai.yaml')
  return settings && /^\s+allow_implicit_invocation:\s*(false|no)\b/m.test(String(settings.content)) ? false : undefined
}

/** The text without frontmatter, or the instructions in TOML. */
function bodyOf({path: file, content}) {
  const text = String(content).replace(/^\uFEFF/, '')
  if (file.endsWith('.toml')) return parseToml(text).developer_instructions.trim()
  const [head = ''] = /^(?:\s*\n)?---[ \t]*\r?\n(?:[^]*?\r?\n)??---[ \t]*\r?(?:\n|$)/.exec(text) ?? []
  return text
    .slice(head.length)
    .replace(/^<!-- -->\n/, '')
    .trim()
}

/** A file next to SKILL.md that is missing, or isn't as in the source, or isn't in the source. */
function changedFile(main, definition, files, source) {
  const folder = main.path.slice(0, -'SKILL.md'.length)
  const placed = new Map(files.map((each) => [each.path, each]))
  // Policies and nested skills are rewritten, and judged by their limits.
  const isRewritten = (file) => /^skill\.md$|agents\/openai\.yaml$|\/skill\.md$/i.test(file)
  for (const {path: file, content, isExecutable} of source) {
    const found = placed.get(folder + file)
    placed.delete(folder + file)
    if (file === definition.path || isRewritten(file)) continue
    if (!found) return `${file} is missing`
    if (!Buffer.from(content).equals(Buffer.from(found.content))) return `the content of ${file}`
    if (isExecutable !== (found.isExecutable ?? false)) return `the execute bit of ${file}`
  }
  const more = [...placed.keys()].find((file) => !isRewritten(file.slice(folder.length)))
  return more && `${more} is written`
}

function oneLine(text) {
  return String(text).replaceAll(/\s+/g, ' ').trim()
}
