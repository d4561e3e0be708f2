import {findSkills} from './agent-skills.js'
import {findListedRules, firstOf} from './agents-md.js'
import {entriesOf, merge, type Discovery} from './discovery.js'

/** What Amp runs without asking when it loads the skill. */
const programs = ['mcp.json', 'toolbox']

/**
 * What Amp loads from a project: skills, and AGENTS.md, or AGENT.md or CLAUDE.md if there is none. It has no agents or commands in a project.
 *
 * @see https://ampcode.com/docs/customize/skills, as quoted by other projects in fall 2026 and read on 2026-11-29
 * @see https://decodeclaude.com/amp-code-spec/implementation/09-memory/, read on 2026-11-29
 * @see https://syllago.dev/using-syllago/providers/amp/skills/, read on 2026-11-29
 */
export async function discoverAmp(project: string): Promise<Discovery> {
  const skills = merge(await findSkills(project, '.agents/skills'), await findSkills(project, '.claude/skills'))
  for (const {file, fields} of skills.found) {
    const entries = await entriesOf(project, file.replace(/\/SKILL\.md$/, ''))
    const started = entries.filter((entry) => programs.some((name) => entry.endsWith(`/${name}`)))
    if (started.length > 0) fields['starts'] = started
  }
  const instructions = await firstOf(project, ['AGENTS.md', 'AGENT.md', 'CLAUDE.md'])
  return merge(skills, await findListedRules(project, instructions))
}
