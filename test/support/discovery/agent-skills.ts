import path from 'node:path'

import {discoverEach, entriesOf, isFolder, type Discovery} from './discovery.js'
import {readMarkdown, requireLine, requireText} from './frontmatter.js'

/**
 * Finds skills according to the specification: a directory with a SKILL.md that has the name of the directory (up to 64
 * lowercase letters, digits and single hyphens) and a description of up to 1024 characters. It doesn't search
 * subdirectories.
 *
 * @param maxDescription in characters; some tools read longer descriptions.
 * @see https://agentskills.io/specification, its table of fields read on 2026-11-29 in agentskills/agentskills
 */
export async function findSkills(project: string, folder: string, maxDescription = 1024): Promise<Discovery> {
  return discoverEach(await entriesOf(project, folder), async (skill) => {
    if (!(await isFolder(project, skill))) throw new Error('a skill is a directory')
    const entries = await entriesOf(project, skill)
    const file = `${skill}/SKILL.md`
    if (!entries.includes(file)) throw new Error('it has no SKILL.md')
    const {fields, text} = await readMarkdown(project, file)
    const name = requireLine(fields, 'name')
    if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) || name.length > 64) throw new Error(`${name} is not a valid skill name`)
    if (name !== path.posix.basename(skill)) throw new Error(`${name} is not the name of the directory`)
    if ([...requireText(fields, 'description')].length > maxDescription) throw new Error('the description is too long')
    return {kind: 'skill', name, file, fields, text}
  })
}
