import type {Markdown, PackageFile, SetUpType} from '../conversion.js'

/** A definition that is checked. */
export interface LintedDefinition {
  type: SetUpType
  file: PackageFile
  markdown: Markdown
}

/** A skill with its other files. */
export interface LintedSkill extends LintedDefinition {
  type: 'skill'
  /** Its directory, with a slash at the end; empty for the root. */
  root: string
  /** All files and directories in it, by path. A directory ends with a slash. */
  paths: ReadonlySet<string>
  /** Whether a path that starts with `../` exists; undefined if tools get the skill without such files. */
  existsOutside?: (path: string) => boolean
}
