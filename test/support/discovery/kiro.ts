import {findSkills} from './agent-skills.js'
import {discoverEach, entriesOf, merge, stemOf, type Discovery} from './discovery.js'
import {readMarkdown, requireLine} from './frontmatter.js'

/**
 * What Kiro loads from a project: agents in Markdown, and steering files with an inclusion mode and its fields.
 *
 * @see https://kiro.dev/docs/skills/, its beginning read on 2026-11-29
 * @see https://kiro.dev/docs/custom-agents/, its beginning read on 2026-11-29
 * @see https://kiro.dev/docs/steering/, as quoted in fall 2026 and read on 2026-11-29 in Chemaclass/agnostic-ai @017ee163
 * @see https://kiro.dev/docs/cli/chat/manage-prompts/, its beginning read on 2026-11-29
 */
export async function discoverKiro(project: string): Promise<Discovery> {
  const agents = await discoverEach(await entriesOf(project, '.kiro/agents'), async (file) => {
    if (!file.endsWith('.md')) throw new Error('an agent is a .md file')
    const {fields, text} = await readMarkdown(project, file)
    requireLine(fields, 'description')
    if (fields['name'] !== undefined && fields['name'] !== stemOf(file))
      throw new Error('the name is not that of the file')
    return {kind: 'agent', name: stemOf(file), file, fields, text}
  })
  const prompts = await discoverEach(await entriesOf(project, '.kiro/prompts'), async (file) => {
    if (!file.endsWith('.md')) throw new Error('a prompt is a .md file')
    const {fields, text} = await readMarkdown(project, file)
    if (Object.keys(fields).length > 0) throw new Error('a prompt must not have frontmatter')
    return {kind: 'command', name: stemOf(file), file, fields, text}
  })
  const steering = await discoverEach(await entriesOf(project, '.kiro/steering'), async (file) => {
    if (!file.endsWith('.md')) throw new Error('steering is a .md file')
    const {fields, text} = await readMarkdown(project, file)
    const {inclusion, fileMatchPattern: patterns} = fields
    if (!['always', 'fileMatch', 'auto', 'manual'].includes(String(inclusion))) throw new Error('inclusion is invalid')
    const arePatterns = Array.isArray(patterns) && patterns.length > 0 && patterns.every((p) => typeof p === 'string')
    if (arePatterns !== (inclusion === 'fileMatch')) throw new Error('fileMatchPattern does not match inclusion')
    for (const field of inclusion === 'auto' ? ['name', 'description'] : []) requireLine(fields, field)
    return {kind: 'rule', name: stemOf(file), file, fields, text}
  })
  return merge(await findSkills(project, '.kiro/skills'), agents, prompts, steering)
}
