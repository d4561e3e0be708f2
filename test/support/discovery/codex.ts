import {readFile} from 'node:fs/promises'
import path from 'node:path'

import {parse} from 'smol-toml'

import {findSkills} from './agent-skills.js'
import {discoverEach, entriesOf, merge, stemOf, type Discovery} from './discovery.js'
import {parseFrontmatter, requireLine} from './frontmatter.js'

/**
 * What Codex loads from a project: skills, agents with all three required fields, and up to 32 KiB of AGENTS.md, in which
 * a rule is a list item that links to an existing file.
 *
 * @see https://developers.openai.com/codex/skills
 * @see https://developers.openai.com/codex/subagents
 * @see https://developers.openai.com/codex/guides/agents-md
 */
export async function discoverCodex(project: string): Promise<Discovery> {
  const agents = await discoverEach(await entriesOf(project, '.codex/agents'), async (file) => {
    if (!file.endsWith('.toml')) throw new Error('an agent is a .toml file')
    const fields = parse(await readFile(path.join(project, file), 'utf8')) as Record<string, unknown>
    requireLine(fields, 'description')
    const text = fields['developer_instructions']
    if (typeof text !== 'string' || text.trim() === '') throw new Error('developer_instructions is missing')
    return {kind: 'agent', name: requireLine(fields, 'name'), file, fields, text}
  })
  const links = await linksIn(project)
  const rules = await discoverEach(await entriesOf(project, '.agents/rules'), async (file) => {
    if (!links.has(file)) throw new Error('AGENTS.md does not link to it')
    const {text} = parseFrontmatter(await readFile(path.join(project, file), 'utf8'))
    return {kind: 'rule', name: stemOf(file), file, fields: {description: links.get(file)}, text}
  })
  const dangling = [...links.keys()].filter((file) => !rules.found.some((rule) => rule.file === file))
  const ignored = dangling.map((file) => ({file, why: 'AGENTS.md links to it, but it does not exist'}))
  return merge(await findSkills(project, '.agents/skills'), agents, rules, {found: [], ignored})
}

/** Returns the titles of links by their path. */
async function linksIn(project: string): Promise<Map<string, string>> {
  const text = await readFile(path.join(project, 'AGENTS.md'), 'utf8').catch(() => '')
  const links = text
    .slice(0, 32 * 1024)
    .matchAll(/^- \[((?:[^\\[\]]|\\.)*)\]\(([^()\s]+)\)(?:, only for files that match .+)?\r?$/gm)
  return new Map([...links].map(([, title = '', target = '']) => [decodeURI(target), title.replaceAll(/\\(.)/g, '$1')]))
}
