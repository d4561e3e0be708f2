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

/** The AI tools that packages are made for. */
export const knownTools = ['claude-code', 'cursor', 'codex', 'windsurf', 'kiro'] as const
