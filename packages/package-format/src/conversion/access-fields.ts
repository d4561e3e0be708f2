/** Frontmatter fields by which an author limits what a definition may do, or when it runs. */
const limitFields: ReadonlySet<string> = new Set([
  'tools',
  'disallowedTools',
  'disallowed-tools',
  'readonly',
  'disable-model-invocation',
  'user-invocable',
  'sandbox_mode',
  'globs',
  'paths',
  'fileMatchPattern',
  'applyTo',
  'alwaysApply',
  'inclusion',
  'trigger',
  'context',
])

/** Frontmatter fields that let a definition do something without asking the user. */
const grantFields: ReadonlySet<string> = new Set([
  'allowed-tools',
  'allowedTools',
  'permissions',
  'permission',
  'permissionMode',
  'hooks',
  'mcpServers',
  'mcp-servers',
])

/** Whether a field limits or grants access, so that apkg must understand it or refuse the definition. */
export function concernsAccess(field: string): boolean {
  return limitFields.has(field) || grantFields.has(field)
}
