import {printable} from '@apkg/command-kit'

import type {SetupReport} from '../../tools/setup-report.js'
import {toolTraits} from '../../tools/tool-traits.js'
import {counted} from '../counted.js'
import {grouped} from '../grouped.js'

/** A definition that a tool reads: a skill's directory, or a file. */
interface SetUpItem {
  tool: string
  kind: string
  name: string
}

/** What happened to each tool, a line for what was written and one for what was removed: `+ Claude Code: 3 skills`. */
export function setupSummary({
  written,
  removed,
  projectFiles,
}: Pick<SetupReport, 'written' | 'removed' | 'projectFiles'>): string[] {
  const isUpdate = written.every(({status}) => status === 'updated')
  return [
    ...toolLines(written.map(({path}) => path)).map((line) => `${isUpdate ? '~' : '+'} ${line}`),
    ...toolLines(removed).map((line) => `- ${line}`),
    ...projectFiles.map(({path, part}) => `~ ${part === 'link' ? `${path} → AGENTS.md` : `list of rules in ${path}`}`),
  ].map((line) => `  ${printable(line)}`)
}

function toolLines(paths: readonly string[]): string[] {
  return grouped(paths.map(itemAt), ({tool}) => tool).map((ofTool) => {
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
  prompts: 'prompt',
  rules: 'rule',
  instructions: 'rule',
  steering: 'rule',
}

/** @param path `.claude/skills/<name>/…`, `.cursor/rules/<file>` */
function itemAt(path: string): SetUpItem {
  const [root = '', folder = '', ...rest] = path.split('/')
  const kind = kinds[folder]
  if (kind === undefined) return {tool: titleOfRoot(root), kind: 'file', name: path}
  return {tool: titleOfRoot(root), kind, name: kind === 'skill' ? (rest[0] ?? '') : rest.join('/')}
}

/** The tool whose directory this is. Several tools read `.agents`. */
function titleOfRoot(root: string): string {
  const tool = Object.values(toolTraits).find(({marks}) => marks.some((mark) => mark.split('/')[0] === root))
  return tool?.title ?? root
}
