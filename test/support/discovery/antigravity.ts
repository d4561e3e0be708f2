import {findSkills} from './agent-skills.js'
import {discoverEach, entriesOf, isFolder, merge, stemOf, type Discovery} from './discovery.js'
import {readMarkdown, requireLine} from './frontmatter.js'

/** Its own names of tools. With another name, a subagent may hang. */
const tools = new Set([
  'view_file',
  'list_dir',
  'find_by_name',
  'grep_search',
  'write_to_file',
  'replace_file_content',
  'multi_replace_file_content',
  'run_command',
  'manage_task',
  'schedule',
  'search_web',
  'read_url_content',
  'invoke_subagent',
  'define_subagent',
  'send_message',
  'manage_subagents',
  'ask_question',
  'generate_image',
])

/** In characters. */
const maxRuleLength = 12_000

/**
 * What Antigravity loads from a project: skills, of which it reads the name and the description; agents whose tools are a
 * YAML list; and rules with a trigger. Workflows ended on 2026-11-01.
 *
 * Its documentation could not be reached on 2026-11-29. The rules below are from an audit of it on 2026-09-04. What other
 * projects quote of it agrees (Chemaclass/agnostic-ai @17d159ed, read on 2026-11-29):
 *
 * @see https://antigravity.google/docs/skills, as read on 2026-09-04
 * @see https://antigravity.google/docs/subagents, as read on 2026-09-04
 * @see https://antigravity.google/docs/rules-workflows, as read on 2026-09-04
 */
export async function discoverAntigravity(project: string): Promise<Discovery> {
  const skills = await findSkills(project, '.agents/skills')
  const read = skills.found.map((skill) => {
    const {name, description} = skill.fields
    return {...skill, fields: {name, description}}
  })
  const agents = await discoverEach(await entriesOf(project, '.agents/agents'), async (entry) => {
    const file = (await isFolder(project, entry)) ? `${entry}/agent.md` : entry
    if (!file.endsWith('.md')) throw new Error('an agent is a .md file')
    const {fields, text} = await readMarkdown(project, file)
    requireLine(fields, 'description')
    const list = fields['tools']
    if (list !== undefined && !Array.isArray(list)) throw new Error('tools is not a YAML list')
    // An empty list means the default tools.
    if (Array.isArray(list) && list.length === 0) throw new Error('the list of tools is empty')
    const unknown = ((list ?? []) as unknown[]).filter((name) => !tools.has(String(name)))
    if (unknown.length > 0) throw new Error(`unknown tools: ${unknown.join()}`)
    if (!['inherit', 'flash', 'pro', undefined].includes(fields['model'] as string)) throw new Error('model is invalid')
    return {kind: 'agent', name: requireLine(fields, 'name'), file, fields, text}
  })
  const rules = await discoverEach(await entriesOf(project, '.agents/rules'), async (file) => {
    if (!file.endsWith('.md')) throw new Error('a rule is a .md file')
    const {fields, text} = await readMarkdown(project, file)
    const {trigger} = fields
    if (!['always_on', 'glob', 'model_decision', 'manual'].includes(String(trigger)))
      throw new Error('trigger is invalid')
    if (trigger === 'glob') requireLine(fields, 'globs')
    else if (fields['globs'] !== undefined) throw new Error('globs does not match trigger')
    if (trigger === 'model_decision') requireLine(fields, 'description')
    if ([...text].length > maxRuleLength) throw new Error('the rule is too long')
    return {kind: 'rule', name: stemOf(file), file, fields, text}
  })
  return merge({...skills, found: read}, agents, rules)
}
