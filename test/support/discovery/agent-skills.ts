import path from 'node:path'

import {entriesOf, isFolder, lookAtEach, type Discovery} from './found.js'
import {readMarkdown, requireLine} from './frontmatter.js'

/**
 * Finds skills by the specification: a folder with a SKILL.md whose name is that of the folder, with up to 64 lowercase
 * letters, digits and single hyphens, and whose description has up to 1024 characters. Subfolders are not searched.
 *
 * @see https://agentskills.io/specification
 */
export async function findSkills(project: string, folder: string): Promise<Discovery> {
  return lookAtEach(await entriesOf(project, folder), async (skill) => {
    if (!(await isFolder(project, skill))) throw new Error('a skill is a folder')
    const entries = await entriesOf(project, skill)
    const file = `${skill}/SKILL.md`
    if (!entries.includes(file)) throw new Error('it has no SKILL.md')
    const {fields, text} = await readMarkdown(project, file)
    const name = requireLine(fields, 'name')
    if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) || name.length > 64)
      throw new Error(`${name} is not a valid name of a skill`)
    if (name !== path.posix.basename(skill)) throw new Error(`${name} is not the name of the folder`)
    if ([...requireLine(fields, 'description')].length > 1024) throw new Error('the description is too long')
    return {kind: 'skill', name, file, fields, text}
  })
}
