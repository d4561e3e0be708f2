import {FrontmatterProblem} from './frontmatter.js'
import {parseMarkdown, type Markdown} from './markdown.js'
import {textOf, type PackageFile} from './package-files.js'

/** A SKILL.md below a skill's directory. Tools that search recursively load it as a separate skill. */
export interface NestedSkill {
  file: PackageFile
  /** Undefined if its frontmatter can't be read. */
  markdown: Markdown | undefined
}

/** Finds nested skills, as on a case-insensitive file system. @param files with paths in the skill's directory. */
export function nestedSkills(files: readonly PackageFile[]): NestedSkill[] {
  return files.filter(({path}) => /\/skill\.md$/i.test(path)).map((file) => ({file, markdown: markdownOf(file)}))
}

function markdownOf(file: PackageFile): Markdown | undefined {
  try {
    return parseMarkdown(textOf(file))
  } catch (error) {
    if (error instanceof FrontmatterProblem) return undefined
    throw error
  }
}
