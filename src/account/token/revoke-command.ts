/** The command that revokes a token, as it can be pasted into a shell. */
export function revokeCommand(selector: string, registry: string): string {
  const quoted = /^[\w@.][\w@.-]*$/.test(selector) ? selector : `-- '${selector.replaceAll("'", String.raw`'\''`)}'`
  return `apkg token revoke --registry ${registry} ${quoted}`
}
