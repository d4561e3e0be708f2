import {findSkills} from './agent-skills.js'
import {discoverEach, entriesOf, merge, stemOf, type Discovery} from './discovery.js'
import {readMarkdown, requireLine} from './frontmatter.js'

/**
 * What Devin loads from a project: rules with one of four triggers and its fields.
 *
 * @see https://docs.devin.ai/cli/extensibility/skills, its beginning read on 2026-11-29
 * @see https://docs.devin.ai/cli/subagents, its beginning read on 2026-11-29
 * @see https://docs.devin.ai/cli/extensibility/rules, its beginning read on 2026-11-29
 * @see https://docs.devin.ai/desktop/cascade/memories, as quoted in fall 2026 and read on 2026-11-29 in Chemaclass/agnostic-ai @10f62ecf
 */
export async function discoverDevin(project: string): Promise<Discovery> {
  const agents = await discoverEach(await entriesOf(project, '.devin/agents'), async (folder) => {
    const file = `${folder}/AGENT.md`
    const {fields, text} = await readMarkdown(project, file)
    requireLine(fields, 'description')
    return {kind: 'agent', name: requireLine(fields, 'name'), file, fields, text}
  })
  const rules = await discoverEach(await entriesOf(project, '.devin/rules'), async (file) => {
    if (!file.endsWith('.md')) throw new Error('a rule is a .md file')
    const {fields, text} = await readMarkdown(project, file)
    const {trigger, globs} = fields
    if (!['always_on', 'glob', 'model_decision', 'manual'].includes(String(trigger)))
      throw new Error('trigger is invalid')
    if ((trigger === 'glob') !== (Array.isArray(globs) && globs.length > 0))
      throw new Error('globs does not match trigger')
    if (trigger === 'model_decision') requireLine(fields, 'description')
    return {kind: 'rule', name: stemOf(file), file, fields, text}
  })
  return merge(await findSkills(project, '.agents/skills'), await findSkills(project, '.devin/skills'), agents, rules)
}
