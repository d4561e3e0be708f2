import {lstatSync, readlinkSync} from 'node:fs'
import {rm, symlink} from 'node:fs/promises'
import path from 'node:path'

import {agentsFile} from '@apkg/package-format/conversion'

import type {PartStatus} from './setup-report.js'

export const claudeFile = 'CLAUDE.md'

/**
 * Links CLAUDE.md to AGENTS.md for Claude Code, which does not read AGENTS.md, or removes that link.
 *
 * @param isWanted whether there should be a link, if AGENTS.md exists.
 * @param isManaged whether apkg created the existing link.
 * @returns `hasLink`: whether there is a link created by apkg now. `status`: what happened to it; undefined if it didn't
 *   change.
 */
export async function linkClaudeMd(
  project: string,
  {isWanted, isManaged}: {isWanted: boolean; isManaged: boolean},
): Promise<{hasLink: boolean; status?: PartStatus}> {
  const link = path.join(project, claudeFile)
  const hasAgents = statOf(path.join(project, agentsFile))?.isFile() === true
  const present = statOf(link)
  const isLink = present?.isSymbolicLink() === true && readlinkSync(link) === agentsFile
  if (isWanted && hasAgents) {
    if (present) return {hasLink: isManaged && isLink}
    await symlink(agentsFile, link)
    return {hasLink: true, status: 'created'}
  }
  if (!isManaged || !isLink) return {hasLink: false}
  await rm(link)
  return {hasLink: false, status: 'removed'}
}

function statOf(file: string) {
  return lstatSync(file, {throwIfNoEntry: false})
}
