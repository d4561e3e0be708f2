import {findSkills} from './agent-skills.js'
import {discoverEach, entriesOf, isFolder, merge, stemOf, type Discovery} from './discovery.js'
import {readMarkdown, requireLine, requireText} from './frontmatter.js'

/**
 * What Claude Code loads from a project. It also finds subagents, commands and rules in subdirectories. apkg doesn't use
 * those, because they change the names.
 *
 * @see https://code.claude.com/docs/en/skills, as of 2026-08-22, read on 2026-11-29 (oikon48/cc-doc-tracker @6fa82ea)
 * @see https://code.claude.com/docs/en/sub-agents, as of 2026-08-22, read on 2026-11-29 (oikon48/cc-doc-tracker @6fa82ea)
 * @see https://code.claude.com/docs/en/memory, as of 2026-08-22, read on 2026-11-29 (oikon48/cc-doc-tracker @6fa82ea)
 */
export async function discoverClaudeCode(project: string): Promise<Discovery> {
  const agents = await discoverEach(await entriesOf(project, '.claude/agents'), async (file) => {
    const {fields, text} = await readMarkdown(project, await markdownFile(project, file))
    const name = requireLine(fields, 'name')
    if (!/^[a-z][a-z0-9-]*$/.test(name)) throw new Error('a name has lowercase letters, digits and hyphens')
    requireText(fields, 'description')
    return {kind: 'agent', name, file, fields, text}
  })
  const commands = await discoverEach(await entriesOf(project, '.claude/commands'), async (file) => {
    const {fields, text} = await readMarkdown(project, await markdownFile(project, file))
    return {kind: 'command', name: stemOf(file), file, fields, text}
  })
  const rules = await discoverEach(await entriesOf(project, '.claude/rules'), async (file) => {
    const {fields, text} = await readMarkdown(project, await markdownFile(project, file))
    const paths = fields['paths']
    const isList = Array.isArray(paths) && paths.length > 0 && paths.every((each) => typeof each === 'string')
    if (paths !== undefined && !isList) throw new Error('paths is a list of patterns')
    return {kind: 'rule', name: stemOf(file), file, fields, text}
  })
  return merge(await findSkills(project, '.claude/skills', Infinity), agents, commands, rules)
}

async function markdownFile(project: string, file: string): Promise<string> {
  if (!file.endsWith('.md') || (await isFolder(project, file))) throw new Error('it is not a Markdown file')
  return file
}
