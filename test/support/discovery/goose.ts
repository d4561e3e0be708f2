import {findSkills} from './agent-skills.js'
import {findListedRules} from './agents-md.js'
import {discoverEach, entriesOf, isFolder, merge, type Discovery} from './discovery.js'
import {readMarkdown, requireLine} from './frontmatter.js'

/**
 * What Goose loads from a project: skills, agents without any limit, and AGENTS.md. Of a skill it only reads the name and
 * the description, so a limit in its frontmatter is ignored. It loads no commands from a project.
 *
 * @see https://goose-docs.ai/docs/guides/context-engineering/using-skills, read on 2026-11-29 in aaif-goose/goose @c634acd2
 * @see https://goose-docs.ai/docs/guides/context-engineering/using-goosehints, read on 2026-11-29 in aaif-goose/goose @64a80a8b
 * @see https://goose-docs.ai/docs/guides/context-engineering/custom-agents, read on 2026-11-29 in aaif-goose/goose @5063035e
 */
export async function discoverGoose(project: string): Promise<Discovery> {
  const skillFolders = ['.agents/skills', '.goose/skills', '.claude/skills']
  const skills = merge(...(await Promise.all(skillFolders.map((folder) => findSkills(project, folder)))))
  const agentFolders = ['.agents/agents', '.goose/agents', '.claude/agents']
  const files = (await Promise.all(agentFolders.map((folder) => entriesOf(project, folder)))).flat()
  const agents = await discoverEach(files, async (file) => {
    if (!file.endsWith('.md') || (await isFolder(project, file))) throw new Error('an agent is a .md file')
    const {fields, text} = await readMarkdown(project, file)
    const known = ['name', 'description', 'model', 'provider', 'avatar']
    const read = Object.fromEntries(Object.entries(fields).filter(([field]) => known.includes(field)))
    return {kind: 'agent', name: requireLine(fields, 'name'), file, fields: read, text}
  })
  const read = skills.found.map((skill) => {
    const {name, description} = skill.fields
    return {...skill, fields: {name, description}}
  })
  return merge({...skills, found: read}, agents, await findListedRules(project))
}
