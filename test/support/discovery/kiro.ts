import {findSkills} from './agent-skills.js'
import {entriesOf, lookAtEach, stemOf, together, type Discovery} from './found.js'
import {readMarkdown, requireLine} from './frontmatter.js'

/**
 * What Kiro loads from a project: agents in Markdown, and steering files with an inclusion mode and its fields.
 *
 * @see https://kiro.dev/docs/skills/
 * @see https://kiro.dev/docs/custom-agents/
 * @see https://kiro.dev/docs/cli/chat/manage-prompts/
 * @see https://kiro.dev/docs/steering/
 */
export async function discoverKiro(project: string): Promise<Discovery> {
  const agents = await lookAtEach(await entriesOf(project, '.kiro/agents'), async (file) => {
    if (!file.endsWith('.md')) throw new Error('an agent is a .md file')
    const {fields, text} = await readMarkdown(project, file)
    requireLine(fields, 'description')
    if (fields['name'] !== undefined && fields['name'] !== stemOf(file)) throw new Error('it has another name')
    return {kind: 'agent', name: stemOf(file), file, fields, text}
  })
  const prompts = await lookAtEach(await entriesOf(project, '.kiro/prompts'), async (file) => {
    if (!file.endsWith('.md')) throw new Error('a prompt is a .md file')
    const {fields, text} = await readMarkdown(project, file)
    if (Object.keys(fields).length > 0) throw new Error('a prompt has no frontmatter')
    return {kind: 'command', name: stemOf(file), file, fields, text}
  })
  const steering = await lookAtEach(await entriesOf(project, '.kiro/steering'), async (file) => {
    if (!file.endsWith('.md')) throw new Error('steering is a .md file')
    const {fields, text} = await readMarkdown(project, file)
    const {inclusion, fileMatchPattern: patterns} = fields
    if (!['always', 'fileMatch', 'auto', 'manual'].includes(String(inclusion))) throw new Error('no inclusion')
    const arePatterns = Array.isArray(patterns) && patterns.length > 0 && patterns.every((p) => typeof p === 'string')
    if (arePatterns !== (inclusion === 'fileMatch')) throw new Error('fileMatchPattern does not fit')
    for (const field of inclusion === 'auto' ? ['name', 'description'] : []) requireLine(fields, field)
    return {kind: 'rule', name: stemOf(file), file, fields, text}
  })
  return together(await findSkills(project, '.kiro/skills'), agents, prompts, steering)
}
