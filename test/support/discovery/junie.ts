import {findSkills} from './agent-skills.js'
import {findListedRules, firstOf} from './agents-md.js'
import {discoverEach, entriesOf, isFolder, merge, stemOf, type Discovery} from './discovery.js'
import {readMarkdown, requireLine} from './frontmatter.js'

/** Its groups of tools. */
const groups = ['Read', 'Bash', 'Glob', 'Grep', 'Write', 'Edit', 'WebSearch', 'AskUserQuestion']

/** Of these, it reads the first that exists. */
const instructionFiles = ['.junie/AGENTS.md', 'AGENTS.md', '.junie/guidelines.md', '.junie/guidelines/']

/**
 * What Junie loads from a project: skills, of which it reads the name and the description; agents whose tools are groups;
 * and one file of instructions.
 *
 * Its documentation could not be reached on 2026-11-29. The rules below are from the pages that its CLI ships, of spring
 * 2026, and from a project that quotes them (Chemaclass/agnostic-ai @5d0b3ac6, read on 2026-11-29):
 *
 * @see https://junie.jetbrains.com/docs/agent-skills.html, as quoted in fall 2026
 * @see https://junie.jetbrains.com/docs/junie-cli-subagents.html, as quoted on 2026-08-11
 * @see https://junie.jetbrains.com/docs/guidelines-and-memory.html, as quoted on 2026-08-08
 */
export async function discoverJunie(project: string): Promise<Discovery> {
  const skills = merge(await findSkills(project, '.junie/skills'), await findSkills(project, '.agents/skills'))
  const read = skills.found.map((skill) => {
    const {name, description} = skill.fields
    return {...skill, fields: {name, description}}
  })
  const files = [
    ...(await entriesOf(project, '.junie/agents')),
    ...(await entriesOf(project, '.agents')).filter((file) => file.endsWith('.md')),
  ]
  const agents = await discoverEach(files, async (file) => {
    if (!file.endsWith('.md') || (await isFolder(project, file))) throw new Error('an agent is a .md file')
    const {fields, text} = await readMarkdown(project, file)
    requireLine(fields, 'description')
    const name = fields['name'] === undefined ? stemOf(file) : requireLine(fields, 'name')
    if (!/^[a-z][a-z0-9-]*$/.test(name)) throw new Error('a name has lowercase letters, digits and hyphens')
    const {tools} = fields
    // An empty list allows all tools.
    if (tools !== undefined && !(Array.isArray(tools) && tools.length > 0)) throw new Error('tools is not a list')
    const unknown = ((tools ?? []) as unknown[]).filter((group) => !groups.includes(String(group)))
    if (unknown.length > 0) throw new Error(`unknown tools: ${unknown.join()}`)
    return {kind: 'agent', name, file, fields, text}
  })
  const instructions = await firstOf(project, instructionFiles)
  return merge({...skills, found: read}, agents, await findListedRules(project, instructions))
}
