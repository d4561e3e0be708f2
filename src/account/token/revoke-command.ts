/** The command that revokes a token, quoted for a shell. */
export function revokeCommand(selector: string, registry: string): string {
  const quoted = /^[\w@.][\w@.-]*$/.test(selector) ? selector : `-- '${selector.replaceAll("'", String.raw`'\''`)}'`
  return `apkg token revoke --registry ${registry} ${quoted}`
}
