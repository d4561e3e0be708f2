import {posix} from 'node:path'

import {distance} from 'fastest-levenshtein'

import {textOf} from '../conversion.js'
import {finding, type Finding} from './finding.js'
import type {LintedSkill} from './linted-definition.js'
import {markdownPaths} from './markdown-paths.js'

/**
 * Finds the files that SKILL.md refers to and that aren't in the directory of the skill. Every link is checked. Code
 * may also name files of the user's project, so a path in code is checked only if the skill has a similar one.
 */
export function checkReferences({file, paths, existsOutside}: LintedSkill): Finding[] {
  const reported = new Set<string>()
  return markdownPaths(bodyOf(textOf(file))).flatMap(({path: written, isLink, line, column}) => {
    const path = posix.normalize(written).replace(/\/$/, '')
    if (path === '.' || reported.has(path) || paths.has(path) || paths.has(`${path}/`)) return []
    const isOutside = path === '..' || path.startsWith('../')
    if (isOutside && existsOutside?.(path) === true) return []
    const meant = similarPath(path, paths)
    if (!isLink && meant === undefined) return []
    reported.add(path)
    const where =
      isOutside && !existsOutside ? 'outside the directory of the skill, so tools get the skill without it' : 'missing'
    const hint = meant === undefined ? '' : `. Did you mean \`${meant}\`?`
    return [finding('file-missing', file.path, `\`${written}\` is ${where}${hint}`, {line, column})]
  })
}

/** The text with its frontmatter blanked, so that lines stay the same. */
function bodyOf(text: string): string {
  const lines = text.split('\n')
  if (!/^\uFEFF?---[ \t]*\r?$/.test(lines[0] ?? '')) return text
  const end = lines.findIndex((line, index) => index > 0 && /^---[ \t]*\r?$/.test(line))
  return lines.map((line, index) => (index <= end ? '' : line)).join('\n')
}

/** In characters. A small difference between shorter names is rarely a typo. */
const longName = 6
const maxTypos = 2

/** A path that differs in case, or has the same name in another directory, or a typo. */
function similarPath(path: string, paths: ReadonlySet<string>): string | undefined {
  const files = [...paths].filter((each) => !each.endsWith('/'))
  const name = posix.basename(path)
  const [first = ''] = path.split('/')
  const inOther = files.filter((each) => posix.basename(each) === name && similar(each.split('/')[0] ?? '', first))
  return (
    files.find((each) => each.toLowerCase() === path.toLowerCase()) ??
    (inOther.length === 1 ? inOther[0] : undefined) ??
    files.find((each) => posix.dirname(each) === posix.dirname(path) && isTypo(posix.basename(each), name))
  )
}

function similar(a: string, b: string): boolean {
  return distance(a.toLowerCase(), b.toLowerCase()) <= maxTypos
}

/** Other digits make another name: `step-1.md`, `step-2.md`. */
function isTypo(a: string, b: string): boolean {
  const plain = (name: string) => name.replaceAll(/\d/g, '')
  return (
    posix.extname(a) === posix.extname(b) && a.length >= longName && plain(a) !== plain(b) && distance(a, b) <= maxTypos
  )
}
