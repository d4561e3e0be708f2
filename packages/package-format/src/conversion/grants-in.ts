import {FrontmatterProblem} from './frontmatter.js'
import {parseMarkdown} from './markdown.js'
import type {ToolFormat, Unsupported} from './tool-format.js'

/**
 * What the written text of a skill or a command lets a tool do without asking that finds it in the directory of another
 * tool, or why the tool should not get it.
 */
export function grantsIn({skills}: ToolFormat, text: string): string[] | Unsupported {
  try {
    const {frontmatter = {}, body} = parseMarkdown(text)
    return skills.grants?.({frontmatter, body, limits: [], paths: [], openAiFiles: []}) ?? []
  } catch (error) {
    if (error instanceof FrontmatterProblem) return {unsupported: "its frontmatter can't be read"}
    throw error
  }
}
