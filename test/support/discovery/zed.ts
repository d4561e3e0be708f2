import {findSkills} from './agent-skills.js'
import {findListedRules, firstOf} from './agents-md.js'
import {merge, type Discovery} from './discovery.js'

/** Of these, Zed reads the first that exists. */
const instructionFiles = [
  '.rules',
  '.cursorrules',
  '.windsurfrules',
  '.clinerules',
  '.github/copilot-instructions.md',
  'AGENT.md',
  'AGENTS.md',
  'CLAUDE.md',
  'GEMINI.md',
]

/** In bytes: names and descriptions of all skills together. */
const maxCatalog = 50 * 1024

/**
 * What Zed loads from a project: skills that are direct children of `.agents/skills`, and one file of instructions.
 * `disable-model-invocation: true` is honored. It loads no agents or commands from a project.
 *
 * @see https://zed.dev/docs/ai/skills, read on 2026-11-29
 * @see https://zed.dev/docs/ai/instructions, read on 2026-11-29
 */
export async function discoverZed(project: string): Promise<Discovery> {
  const skills = await findSkills(project, '.agents/skills')
  const catalog = skills.found.map(({name, fields}) => `${name}${String(fields['description'])}`).join('')
  if (Buffer.byteLength(catalog) > maxCatalog) throw new Error('the catalog of skills is too large')
  return merge(skills, await findListedRules(project, await firstOf(project, instructionFiles)))
}
