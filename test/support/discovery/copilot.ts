import {findSkills} from './agent-skills.js'
import {discoverEach, entriesOf, merge, type Discovery} from './discovery.js'
import {readMarkdown, requireLine, requireText} from './frontmatter.js'

/** The tool sets and the aliases of its CLI. Other names are ignored. */
const toolSets = ['read', 'edit', 'search', 'web', 'execute', 'agent', 'todo']

const maxAgentLength = 30_000

/**
 * What GitHub Copilot loads from a project in VS Code and as a CLI, where both agree: skills, agents with a description,
 * prompts, and instructions that apply to the files that `applyTo` matches. Without `applyTo`, they apply when their
 * description is relevant or when they are added by hand.
 *
 * @see https://code.visualstudio.com/docs/agent-customization/agent-skills, read on 2026-11-29 in microsoft/vscode-docs @08868fe5
 * @see https://code.visualstudio.com/docs/agents/reference/custom-agent-file-reference.md, read on 2026-11-29
 * @see https://code.visualstudio.com/docs/agent-customization/prompt-files, read on 2026-11-29 in microsoft/vscode-docs @024cb9bd
 * @see https://code.visualstudio.com/docs/agent-customization/custom-instructions, read on 2026-11-29 in microsoft/vscode-docs @022bf1ae
 * @see https://docs.github.com/en/copilot/reference/custom-agents-configuration, read on 2026-11-29 in github/docs @03e038c5
 */
export async function discoverCopilot(project: string): Promise<Discovery> {
  const folders = ['.github/skills', '.agents/skills', '.claude/skills']
  const skills = merge(...(await Promise.all(folders.map((folder) => findSkills(project, folder)))))
  const agents = await discoverEach(await entriesOf(project, '.github/agents'), async (file) => {
    const stem = stemBefore(file, '.agent.md')
    const {fields, text} = await readMarkdown(project, file)
    requireText(fields, 'description')
    const {tools} = fields
    if (tools !== undefined && !Array.isArray(tools)) throw new Error('tools is a list')
    const unknown = ((tools ?? []) as unknown[]).filter((name) => !toolSets.includes(String(name)))
    if (unknown.length > 0) throw new Error(`unknown tools: ${unknown.join()}`)
    if (text.length > maxAgentLength) throw new Error('the prompt is too long')
    const name = fields['name'] === undefined ? stem : requireLine(fields, 'name')
    return {kind: 'agent', name, file, fields, text}
  })
  const prompts = await discoverEach(await entriesOf(project, '.github/prompts'), async (file) => {
    const stem = stemBefore(file, '.prompt.md')
    const {fields, text} = await readMarkdown(project, file)
    requireOnly(fields, ['description', 'name', 'argument-hint', 'agent', 'model', 'tools'])
    return {
      kind: 'command',
      name: fields['name'] === undefined ? stem : requireLine(fields, 'name'),
      file,
      fields,
      text,
    }
  })
  const instructions = await discoverEach(await entriesOf(project, '.github/instructions'), async (file) => {
    const stem = stemBefore(file, '.instructions.md')
    const {fields, text} = await readMarkdown(project, file)
    requireOnly(fields, ['name', 'description', 'applyTo'])
    if (fields['applyTo'] !== undefined) requireLine(fields, 'applyTo')
    return {kind: 'rule', name: stem, file, fields, text}
  })
  return merge(skills, agents, prompts, instructions)
}

function stemBefore(file: string, extension: string): string {
  if (!file.endsWith(extension)) throw new Error(`its name does not end with ${extension}`)
  return file.slice(file.lastIndexOf('/') + 1, -extension.length)
}

function requireOnly(fields: Record<string, unknown>, known: readonly string[]): void {
  const unknown = Object.keys(fields).filter((field) => !known.includes(field))
  if (unknown.length > 0) throw new Error(`unknown fields: ${unknown.join()}`)
}
