import {readFile} from 'node:fs/promises'
import path from 'node:path'

import {parse} from 'smol-toml'

import {findSkills} from './agent-skills.js'
import {entriesOf, lookAtEach, stemOf, together, type Discovery} from './found.js'
import {parseFrontmatter, requireLine} from './frontmatter.js'

/**
 * What Codex loads from a project: skills, agents with all three required fields, and up to 32 KiB of AGENTS.md, where a
 * rule is a link in a list to an existing file.
 *
 * @see https://developers.openai.com/codex/skills
 * @see https://developers.openai.com/codex/subagents
 * @see https://developers.openai.com/codex/guides/agents-md
 */
export async function discoverCodex(project: string): Promise<Discovery> {
  const agents = await lookAtEach(await entriesOf(project, '.codex/agents'), async (file) => {
    if (!file.endsWith('.toml')) throw new Error('an agent is a .toml file')
    const fields = parse(await readFile(path.join(project, file), 'utf8')) as Record<string, unknown>
    requireLine(fields, 'description')
    const text = fields['developer_instructions']
    if (typeof text !== 'string' || text.trim() === '') throw new Error('developer_instructions is missing')
    return {kind: 'agent', name: requireLine(fields, 'name'), file, fields, text}
  })
  const named = await linksIn(project)
  const rules = await lookAtEach(await entriesOf(project, '.codex/rules'), async (file) => {
    if (!named.has(file)) throw new Error('AGENTS.md does not name it')
    const {text} = parseFrontmatter(await readFile(path.join(project, file), 'utf8'))
    return {kind: 'rule', name: stemOf(file), file, fields: {description: named.get(file)}, text}
  })
  const dangling = [...named.keys()].filter((file) => !rules.found.some((rule) => rule.file === file))
  const ignored = dangling.map((file) => ({file, why: 'AGENTS.md names it, but it does not exist'}))
  return together(await findSkills(project, '.agents/skills'), agents, rules, {found: [], ignored})
}

/** Titles by path. */
async function linksIn(project: string): Promise<Map<string, string>> {
  const text = await readFile(path.join(project, 'AGENTS.md'), 'utf8').catch(() => '')
  const links = text.slice(0, 32 * 1024).matchAll(/^- \[((?:[^\\[\]]|\\.)*)\]\(([^()\s]+)\)\r?$/gm)
  return new Map([...links].map(([, title = '', target = '']) => [decodeURI(target), title.replaceAll(/\\(.)/g, '$1')]))
}
