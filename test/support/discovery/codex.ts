import {readFile} from 'node:fs/promises'
import path from 'node:path'

import {parse} from 'smol-toml'
import {parse as parseYaml} from 'yaml'

import {findSkills} from './agent-skills.js'
import {findListedRules, firstOf} from './agents-md.js'
import {discoverEach, entriesOf, merge, type Discovery} from './discovery.js'
import {requireLine} from './frontmatter.js'

/**
 * What Codex loads from a project: skills, agents with all three required fields, and up to 32 KiB of AGENTS.md, or of
 * AGENTS.override.md instead, in which a rule is a list item that links to an existing file.
 *
 * @see https://developers.openai.com/codex/skills, its beginning read on 2026-11-29, all of it on 2026-07-15
 * @see https://developers.openai.com/codex/subagents, its beginning read on 2026-11-29, all of it in August 2026
 * @see https://developers.openai.com/codex/guides/agents-md, its rules of discovery read on 2026-11-29
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
  const skills = await findSkills(project, '.agents/skills')
  for (const {file, fields} of skills.found) {
    const policy = await policyOf(project, file.replace(/SKILL\.md$/, 'agents/openai.yaml'))
    if (policy !== undefined) fields['policy'] = policy
  }
  const instructions = await firstOf(project, ['AGENTS.override.md', 'AGENTS.md'])
  return merge(skills, agents, await findListedRules(project, instructions, 32 * 1024))
}

/** The policy next to a skill, which decides whether the model may start it. Codex ignores limits in the frontmatter. */
async function policyOf(project: string, file: string): Promise<unknown> {
  const content = await readFile(path.join(project, file), 'utf8').catch(() => undefined)
  return content === undefined ? undefined : (parseYaml(content) as {policy?: unknown}).policy
}
