import {findSkills} from './agent-skills.js'
import {findListedRules, firstOf} from './agents-md.js'
import {discoverEach, entriesOf, merge, stemOf, type Discovery} from './discovery.js'
import {readMarkdown, requireLine} from './frontmatter.js'

/** The fields of an agent. All others are passed to the model's provider. */
const agentFields = ['description', 'mode', 'model', 'variant', 'temperature', 'top_p', 'prompt', 'disable', 'hidden']
const moreAgentFields = ['steps', 'maxSteps', 'color', 'tools', 'permission']

/** The fields of a skill that it reads. */
const skillFields = ['name', 'description', 'license', 'compatibility', 'metadata']

/**
 * What OpenCode loads from a project: skills, agents named after their files, commands, and AGENTS.md,
 * or CLAUDE.md if there is none. In an agent's
 * `permission`, the last entry that matches wins.
 *
 * @see https://opencode.ai/v1/docs/skills.md, read on 2026-11-29
 * @see https://opencode.ai/v1/docs/agents.md, read on 2026-11-29 in anomalyco/opencode @0239fd0a
 * @see https://opencode.ai/docs/commands.md, read on 2026-11-29
 * @see https://opencode.ai/v1/docs/rules.md, read on 2026-11-29 in anomalyco/opencode @19376e80
 */
export async function discoverOpenCode(project: string): Promise<Discovery> {
  const folders = ['.opencode/skills', '.claude/skills', '.agents/skills']
  const skills = merge(...(await Promise.all(folders.map((folder) => findSkills(project, folder)))))
  const read = skills.found.map((skill) => ({
    ...skill,
    fields: Object.fromEntries(Object.entries(skill.fields).filter(([field]) => skillFields.includes(field))),
  }))
  const agents = await discoverEach(await entriesOf(project, '.opencode/agents'), async (file) => {
    if (!file.endsWith('.md')) throw new Error('an agent is a .md file')
    const {fields, text} = await readMarkdown(project, file)
    requireLine(fields, 'description')
    const unknown = Object.keys(fields).filter((field) => ![...agentFields, ...moreAgentFields].includes(field))
    if (unknown.length > 0) throw new Error(`it would pass these fields to the provider: ${unknown.join()}`)
    if (!['primary', 'subagent', 'all', undefined].includes(fields['mode'] as string))
      throw new Error('mode is invalid')
    for (const effect of Object.values(fields['permission'] ?? {})) {
      if (!['allow', 'ask', 'deny'].includes(effect as string)) throw new Error('permission is invalid')
    }
    return {kind: 'agent', name: stemOf(file), file, fields, text}
  })
  const commands = await discoverEach(await entriesOf(project, '.opencode/commands'), async (file) => {
    if (!file.endsWith('.md')) throw new Error('a command is a .md file')
    const {fields, text} = await readMarkdown(project, file)
    if (text.trim() === '') throw new Error('a command has a template')
    return {kind: 'command', name: stemOf(file), file, fields, text}
  })
  const instructions = await firstOf(project, ['AGENTS.md', 'CLAUDE.md'])
  return merge({...skills, found: read}, agents, commands, await findListedRules(project, instructions))
}
