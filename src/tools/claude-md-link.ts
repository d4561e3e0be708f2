import {lstatSync, readlinkSync} from 'node:fs'
import {rm, symlink} from 'node:fs/promises'
import path from 'node:path'

import {agentsFile} from './rules-index.js'

export const claudeFile = 'CLAUDE.md'

/**
 * Makes CLAUDE.md lead to AGENTS.md, for Claude Code, which does not read the latter; or takes that link away again.
 *
 * @param isWanted whether the link is to be there, provided that AGENTS.md is.
 * @param isOurs whether apkg made the link that is there.
 * @returns whether apkg's link is there now.
 */
export async function linkClaudeMd(
  project: string,
  {isWanted, isOurs}: {isWanted: boolean; isOurs: boolean},
): Promise<boolean> {
  const link = path.join(project, claudeFile)
  const hasAgents = statOf(path.join(project, agentsFile))?.isFile() === true
  const present = statOf(link)
  const isLink = present?.isSymbolicLink() === true && readlinkSync(link) === agentsFile
  if (isWanted && hasAgents) {
    if (present) return isOurs && isLink
    await symlink(agentsFile, link)
    return true
  }
  if (isOurs && isLink) await rm(link)
  return false
}

function statOf(file: string) {
  return lstatSync(file, {throwIfNoEntry: false})
}
