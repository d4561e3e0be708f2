import {statSync} from 'node:fs'
import path from 'node:path'

import {agentsFile, isUnsupported} from '@apkg/package-format/conversion'

import {isPluginTool, type Tool} from './tool.js'

/** Whether a project has a file of instructions. A trailing slash marks a directory. */
export type IsPresent = (file: string) => boolean

/** @param project the project's directory, absolute. */
export function hasInstructions(project: string): IsPresent {
  return (file) => {
    try {
      const stat = statSync(path.join(project, file))
      return file.endsWith('/') ? stat.isDirectory() : stat.isFile()
    } catch {
      return false
    }
  }
}

/**
 * Why tools would not read rules in AGENTS.md, by the tool's name. Some tools only read the first of several files, so
 * another one can hide AGENTS.md from them. If AGENTS.md doesn't exist, a new one could hide what a tool reads now, so then no
 * tool gets rules there.
 */
export function whyRulesAreUnread(tools: readonly Tool[], isPresent: IsPresent): ReadonlyMap<string, string> {
  const readers = tools.flatMap((tool) => {
    if (isPluginTool(tool) || isUnsupported(tool.rules) || tool.rules.isListed !== true) return []
    const {instructions = [agentsFile]} = tool.rules
    const first = instructions.find(isPresent)
    const isHidden = first !== undefined && instructions.indexOf(first) < instructions.indexOf(agentsFile)
    return [{name: tool.name, title: tool.title, first, isHidden}]
  })
  const loser = isPresent(agentsFile)
    ? undefined
    : readers.find(({first, isHidden}) => first !== undefined && !isHidden)
  return new Map(
    readers.flatMap(({name, title, first, isHidden}): [string, string][] => {
      if (isHidden) return [[name, `${title} reads ${first} instead of ${agentsFile}`]]
      if (!loser) return []
      return [
        [
          name,
          `if apkg created ${agentsFile}, ${loser.title} would no longer read ${loser.first}; create ${agentsFile} yourself`,
        ],
      ]
    }),
  )
}
