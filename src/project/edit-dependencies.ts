import {parseJson} from '@apkg/package-format'

import type {Project} from './read-project.js'

/** Ranges by name. */
type Dependencies = Record<string, string>

/**
 * The text of a manifest with other dependencies, sorted by name. Everything else stays, fields that apkg does not know
 * included: their order, the indentation, the line ends and the last of them. Unchanged dependencies leave the text as
 * it is; when the last one goes, the field goes with it.
 *
 * @param edit gets a copy of the dependencies and returns what they shall be.
 */
export function withDependencies(
  {manifest, text}: Project,
  edit: (dependencies: Dependencies) => Dependencies,
): string {
  const before = sorted(manifest.dependencies)
  const after = sorted(edit({...manifest.dependencies}))
  if (JSON.stringify(before) === JSON.stringify(after)) return text
  const isEmpty = Object.keys(after).length === 0
  const fields = {...(parseJson(text) as Record<string, unknown>), dependencies: isEmpty ? undefined : after}
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n'
  const lastLineEnd = text.endsWith('\n') ? lineEnd : ''
  return JSON.stringify(fields, null, indentationOf(text)).replaceAll('\n', lineEnd) + lastLineEnd
}

/** By code unit, which for the names of packages is bytewise. */
function sorted(dependencies: Dependencies): Dependencies {
  return Object.fromEntries(Object.entries(dependencies).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** What stands before the first field; nothing where the object is written on one line. */
function indentationOf(text: string): string {
  return /^\s*\{\s*?\n([ \t]*)/.exec(text)?.[1] ?? ''
}
