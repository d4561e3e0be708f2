/** What a package can be. A `project` uses packages and is never published. */
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

/** The AI tools that a package can be made for. */
export const knownTools = ['claude-code', 'cursor', 'codex', 'windsurf', 'kiro'] as const
