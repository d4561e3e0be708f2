import {findSkills} from './agent-skills.js'
import {discoverEach, entriesOf, merge, stemOf, type Discovery} from './discovery.js'
import {readMarkdown, requireLine} from './frontmatter.js'

/**
 * What Windsurf loads from a project: rules with one of four triggers and its fields.
 *
 * @see https://docs.windsurf.com/windsurf/cascade/skills
 * @see https://docs.windsurf.com/windsurf/cascade/workflows
 * @see https://docs.windsurf.com/windsurf/cascade/memories
 */
export async function discoverWindsurf(project: string): Promise<Discovery> {
  const workflows = await discoverEach(await entriesOf(project, '.windsurf/workflows'), async (file) => {
    if (!file.endsWith('.md')) throw new Error('a workflow is a .md file')
    const {fields, text} = await readMarkdown(project, file)
    return {kind: 'command', name: stemOf(file), file, fields, text}
  })
  const rules = await discoverEach(await entriesOf(project, '.windsurf/rules'), async (file) => {
    if (!file.endsWith('.md')) throw new Error('a rule is a .md file')
    const {fields, text} = await readMarkdown(project, file)
    const {trigger, globs} = fields
    if (!['always_on', 'glob', 'model_decision', 'manual'].includes(String(trigger)))
      throw new Error('trigger is invalid')
    if ((trigger === 'glob') !== (typeof globs === 'string' && globs !== ''))
      throw new Error('globs does not match trigger')
    if (trigger === 'model_decision') requireLine(fields, 'description')
    return {kind: 'rule', name: stemOf(file), file, fields, text}
  })
  return merge(await findSkills(project, '.windsurf/skills'), workflows, rules)
}
