import {sharedTool, toolTraits, type ToolName} from '../../tools/tool-traits.js'
import {conjunction} from '../conjunction.js'

/** The display name of a tool; for a plugin's tool, its name. */
export function titleOf(tool: string): string {
  if (tool === sharedTool.name) return sharedTool.title
  return Object.hasOwn(toolTraits, tool) ? toolTraits[tool as ToolName].title : tool
}

/** The display names of tools, each once: `Claude Code, Codex, and Kiro`. */
export function titlesOf(tools: readonly string[]): string {
  return conjunction([...new Set(tools.map(titleOf))])
}
