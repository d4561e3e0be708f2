import {findSkills} from './agent-skills.js'
import {entriesOf, lookAtEach, stemOf, together, type Discovery} from './found.js'
import {readMarkdown, requireLine} from './frontmatter.js'

/**
 * What Windsurf loads from a project: rules with one of four triggers and its fields.
 *
 * @see https://docs.windsurf.com/windsurf/cascade/skills
 * @see https://docs.windsurf.com/windsurf/cascade/workflows
 * @see https://docs.windsurf.com/windsurf/cascade/memories
 */
export async function discoverWindsurf(project: string): Promise<Discovery> {
  const workflows = await lookAtEach(await entriesOf(project, '.windsurf/workflows'), async (file) => {
    if (!file.endsWith('.md')) throw new Error('a workflow is a .md file')
    const {fields, text} = await readMarkdown(project, file)
    return {kind: 'command', name: stemOf(file), file, fields, text}
  })
  const rules = await lookAtEach(await entriesOf(project, '.windsurf/rules'), async (file) => {
    if (!file.endsWith('.md')) throw new Error('a rule is a .md file')
    const {fields, text} = await readMarkdown(project, file)
    const {trigger, globs} = fields
    if (!['always_on', 'glob', 'model_decision', 'manual'].includes(String(trigger))) throw new Error('no trigger')
    if ((trigger === 'glob') !== (typeof globs === 'string' && globs !== '')) throw new Error('globs do not fit')
    if (trigger === 'model_decision') requireLine(fields, 'description')
    return {kind: 'rule', name: stemOf(file), file, fields, text}
  })
  return together(await findSkills(project, '.windsurf/skills'), workflows, rules)
}
