import path from 'node:path'

import {isFound} from '@apkg/package-format/conversion'

import type {PlannedFile} from './plan-setup.js'
import {isPluginTool, type Tool} from './tool.js'
import {toolTraits, type ToolName} from './tool-traits.js'

/** A skill that a tool finds more than once, because it also reads the directory of another tool. */
export interface DuplicateSkill {
  package: string
  tool: string
  /** Paths within the project. */
  files: string[]
}

/**
 * The skills that tools find more than once. Nothing is wrong with that, but it takes space in their context.
 *
 * @param exists whether there is a file at a path within the project.
 */
export function duplicateSkills(
  files: readonly PlannedFile[],
  tools: readonly Tool[],
  exists: (file: string) => boolean,
): DuplicateSkill[] {
  const mains = files.filter((file) => path.posix.basename(file.path) === 'SKILL.md' && exists(file.path))
  return tools.flatMap((tool) => {
    if (isPluginTool(tool)) return []
    const found = mains.filter((file) => isFound(tool, 'skill', file.path))
    return [...bySkill(found).values()].flatMap(([first, ...others]) =>
      first === undefined || others.length === 0
        ? []
        : [{package: first.package, tool: tool.name, files: [first, ...others].map((file) => file.path)}],
    )
  })
}

/** By package and the name of the skill's directory. */
function bySkill(files: readonly PlannedFile[]): Map<string, PlannedFile[]> {
  const groups = new Map<string, PlannedFile[]>()
  for (const file of files) {
    const skill = `${file.package} ${path.posix.basename(path.posix.dirname(file.path))}`
    groups.set(skill, [...(groups.get(skill) ?? []), file])
  }
  return groups
}

/** One line for each tool that finds skills more than once. */
export function duplicateSentences(duplicates: readonly DuplicateSkill[]): string[] {
  const tools = [...new Set(duplicates.map(({tool}) => tool))]
  return tools.map((tool) => {
    const title = Object.hasOwn(toolTraits, tool) ? toolTraits[tool as ToolName].title : tool
    const skills = duplicates.filter((each) => each.tool === tool)
    const folders = new Set(
      skills.flatMap(({files}) => files.map((file) => path.posix.dirname(path.posix.dirname(file)))),
    )
    const names = skills.map(({package: name}) => name).join(', ')
    return `${title} lists ${names} more than once, because it reads ${[...folders].join(' and ')}. No action is needed`
  })
}
