/** The types of packages. A `project` uses packages and is never published itself. */
export const packageTypes = [
  'project',
  'skill',
  'agent',
  'command',
  'rule',
  'mcp-server',
  'prompt',
  'config',
  'library',
  'composite',
] as const

/** The AI tools that packages are made for, by their names in flags, settings and manifests. */
export const knownTools = [
  ...(['claude-code', 'cursor', 'codex', 'copilot', 'opencode', 'devin', 'kiro', 'antigravity'] as const),
  ...(['zed', 'amp', 'goose', 'cline', 'junie'] as const),
] as const

/** Tools under other names, which stay valid: Windsurf became Devin. */
const formerNames: Readonly<Record<string, (typeof knownTools)[number]>> = {windsurf: 'devin'}

/** The current name of a tool, given a current or former one; undefined if the tool is unknown. */
export function toolNamed(name: string): (typeof knownTools)[number] | undefined {
  return knownTools.find((tool) => tool === name) ?? (Object.hasOwn(formerNames, name) ? formerNames[name] : undefined)
}

/** Every name that a tool has or had. */
export const toolNames: readonly string[] = [...knownTools, ...Object.keys(formerNames)]
