import {printable} from '@apkg/command-kit'

import type {SetupReport} from '../../tools/setup-report.js'
import {sharedTool, toolTraits, withoutSharedSkills} from '../../tools/tool-traits.js'
import {counted} from '../counted.js'
import {grouped} from '../grouped.js'
import {titlesOf} from './tool-title.js'

/** A definition that a tool reads: a skill's directory, or a file. */
interface SetUpItem {
  tool: string
  kind: string
  name: string
}

/** What happened to each tool, a line for what was written and one for what was removed: `+ Claude Code: 3 skills`. */
export function setupSummary({
  tools,
  written,
  removed,
  projectFiles,
}: Pick<SetupReport, 'tools' | 'written' | 'removed' | 'projectFiles'>): string[] {
  const isUpdate = written.every(({status}) => status === 'updated')
  const writtenPaths = written.map(({path}) => path)
  return [
    ...toolLines(writtenPaths, tools).map((line) => `${isUpdate ? '~' : '+'} ${line}`),
    ...toolLines(removed, tools).map((line) => `- ${line}`),
    ...projectFiles.map(({path, part}) => `~ ${part === 'link' ? `${path} → AGENTS.md` : `list of rules in ${path}`}`),
  ].map((line) => `  ${printable(line)}`)
}

function toolLines(paths: readonly string[], tools: readonly string[]): string[] {
  const items = paths.map((path) => itemAt(path, tools))
  return grouped(items, ({tool}) => tool).map((ofTool) => {
    const counts = grouped(ofTool, ({kind}) => kind).map((ofKind) =>
      counted(new Set(ofKind.map(({name}) => name)).size, ofKind[0].kind),
    )
    return `${ofTool[0].tool}: ${counts.join(', ')}`
  })
}

const kinds: Readonly<Record<string, string>> = {
  skills: 'skill',
  agents: 'agent',
  commands: 'command',
  workflows: 'workflow',
  prompts: 'prompt',
  rules: 'rule',
  instructions: 'rule',
  steering: 'rule',
}

/** @param path `.claude/skills/<name>/…`, `.cursor/rules/<file>` */
function itemAt(path: string, tools: readonly string[]): SetUpItem {
  const [root = '', folder = '', ...rest] = path.split('/')
  const kind = kinds[folder]
  if (kind === undefined) return {tool: titleOfRoot(root), kind: 'file', name: path}
  const tool = root === sharedRoot && kind === 'skill' ? readersOfShared(tools) : titleOfRoot(root)
  return {tool, kind, name: kind === 'skill' ? (rest[0] ?? '') : rest.join('/')}
}

const [sharedRoot] = sharedTool.marks

/** The selected tools that read `.agents/skills`. */
function readersOfShared(tools: readonly string[]): string {
  const readers = tools.filter((tool) => Object.hasOwn(toolTraits, tool) && !withoutSharedSkills.has(tool))
  return titlesOf(readers.length > 0 ? readers : [sharedTool.name])
}

/** The tool whose directory this is. */
function titleOfRoot(root: string): string {
  const tool = Object.values(toolTraits).find(({marks}) => marks.some((mark) => mark.split('/')[0] === root))
  return tool?.title ?? root
}
