import {findSkills} from './agent-skills.js'
import {discoverEach, entriesOf, isFolder, merge, stemOf, type Discovery} from './discovery.js'
import {readMarkdown} from './frontmatter.js'

/** Directories in `.clinerules` that hold something else than rules. */
const otherFolders = ['.clinerules/workflows', '.clinerules/skills', '.clinerules/hooks']

/** The fields of a skill that it reads. */
const skillFields = ['name', 'description', 'disabled', 'enabled']

/**
 * What Cline loads from a project: skills, rules, and workflows, in its extension for VS Code and in its CLI, where both
 * agree. Its extension limits a rule with `paths` to files, its CLI doesn't, so such a rule isn't found here. Only its CLI
 * reads agents from a project.
 *
 * @see https://docs.cline.bot/customization/skills, read on 2026-11-29 in cline/cline @0f667f08; its source also has `.agents/skills`
 * @see https://docs.cline.bot/customization/cline-rules, read on 2026-11-29 in cline/cline @0f667f08
 * @see https://docs.cline.bot/customization/overview, read on 2026-11-29
 */
export async function discoverCline(project: string): Promise<Discovery> {
  const folders = ['.cline/skills', '.clinerules/skills', '.agents/skills']
  const skills = merge(...(await Promise.all(folders.map((folder) => findSkills(project, folder)))))
  const read = skills.found.map((skill) => ({
    ...skill,
    fields: Object.fromEntries(Object.entries(skill.fields).filter(([field]) => skillFields.includes(field))),
  }))
  const entries = (await entriesOf(project, '.clinerules')).filter((entry) => !otherFolders.includes(entry))
  const rules = await discoverEach(entries, async (file) => {
    if (!/\.(md|txt)$/.test(file) || (await isFolder(project, file))) throw new Error('a rule is a .md or .txt file')
    const {fields, text} = await readMarkdown(project, file)
    if (fields['paths'] !== undefined) throw new Error('the CLI applies it to all files')
    return {kind: 'rule', name: stemOf(file), file, fields, text}
  })
  const workflows = await discoverEach(await entriesOf(project, '.clinerules/workflows'), async (file) => {
    if (!file.endsWith('.md')) throw new Error('a workflow is a .md file')
    const {fields, text} = await readMarkdown(project, file)
    return {kind: 'command', name: stemOf(file), file, fields, text}
  })
  return merge({...skills, found: read}, rules, workflows)
}
