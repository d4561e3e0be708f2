import {parseJson} from '@apkg/package-format'

import type {Project} from './read-project.js'

/** Ranges by name. */
type Dependencies = Record<string, string>

/**
 * The text of a manifest with edited dependencies, sorted by name. Everything else is preserved: unknown fields, the
 * order of fields, indentation and line endings. If the dependencies do not change, neither does the text; if none are
 * left, the field is removed.
 *
 * @param edit gets a copy of the dependencies and returns the new ones.
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

/** By code unit, which is bytewise for package names. */
function sorted(dependencies: Dependencies): Dependencies {
  return Object.fromEntries(Object.entries(dependencies).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** The white space before the first field; empty if the object is on one line. */
function indentationOf(text: string): string {
  return /^\s*\{\s*?\n([ \t]*)/.exec(text)?.[1] ?? ''
}
