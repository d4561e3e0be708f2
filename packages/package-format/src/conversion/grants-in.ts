import {FrontmatterProblem} from './frontmatter.js'
import {parseMarkdown} from './markdown.js'
import type {ToolFormat, Unsupported} from './tool-format.js'

/**
 * What a tool does without asking because of the text of a skill or a command that was written for another tool, or why
 * it should not get that text.
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
