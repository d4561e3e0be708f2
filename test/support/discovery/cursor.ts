import {findSkills} from './agent-skills.js'
import {discoverEach, entriesOf, merge, stemOf, type Discovery} from './discovery.js'
import {readCursorRule, readMarkdown, requireLine} from './frontmatter.js'

/**
 * What Cursor loads from a project. Rules must be `.mdc` files that apply always, to certain files, by description or
 * manually.
 *
 * @see https://cursor.com/docs/skills, as quoted in September 2026 and read on 2026-11-29 in Chemaclass/agnostic-ai @0469f703
 * @see https://cursor.com/docs/subagents, its beginning read on 2026-11-29
 * @see https://cursor.com/docs/rules, its beginning read on 2026-11-29, all of it on 2026-08-16. The page about commands is gone
 */
export async function discoverCursor(project: string): Promise<Discovery> {
  const agents = await discoverEach(await entriesOf(project, '.cursor/agents'), async (file) => {
    if (!file.endsWith('.md')) throw new Error('a subagent is a .md file')
    const {fields, text} = await readMarkdown(project, file)
    requireLine(fields, 'description')
    return {kind: 'agent', name: requireLine(fields, 'name'), file, fields, text}
  })
  const commands = await discoverEach(await entriesOf(project, '.cursor/commands'), async (file) => {
    if (!file.endsWith('.md')) throw new Error('a command is a .md file')
    const {fields, text} = await readMarkdown(project, file)
    if (Object.keys(fields).length > 0) throw new Error('a command is plain Markdown')
    return {kind: 'command', name: stemOf(file), file, fields, text}
  })
  const rules = await discoverEach(await entriesOf(project, '.cursor/rules'), async (file) => {
    if (!file.endsWith('.mdc')) throw new Error('a rule is a .mdc file')
    const {fields, text} = await readCursorRule(project, file)
    const {globs, alwaysApply} = fields
    if (fields['description'] !== undefined) requireLine(fields, 'description')
    if (typeof alwaysApply !== 'boolean') throw new Error('alwaysApply is true or false')
    if (globs !== undefined && (typeof globs !== 'string' || globs === '')) throw new Error('globs is a string')
    const unknown = Object.keys(fields).filter((field) => !['description', 'globs', 'alwaysApply'].includes(field))
    if (unknown.length > 0) throw new Error(`unknown fields: ${unknown.join()}`)
    return {kind: 'rule', name: stemOf(file), file, fields, text}
  })
  const skills = [await findSkills(project, '.agents/skills'), await findSkills(project, '.cursor/skills')]
  return merge(...skills, agents, commands, rules)
}
