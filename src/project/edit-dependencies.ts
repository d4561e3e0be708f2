import {withMember} from './edit-json.js'
import type {Project} from './read-project.js'

/** Ranges by name. */
type Dependencies = Record<string, string>

/**
 * The text of a manifest with edited dependencies, sorted by name. Every other character is preserved. If
 * the dependencies do not change, neither does the text; if none are left, the field is removed.
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
  return withMember(text, 'dependencies', Object.keys(after).length === 0 ? undefined : after)
}

/** By code unit, which is bytewise for package names. */
function sorted(dependencies: Dependencies): Dependencies {
  return Object.fromEntries(Object.entries(dependencies).sort(([a], [b]) => (a < b ? -1 : 1)))
}
