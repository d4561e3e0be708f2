/**
 * The command that adds a package to a project.
 *
 * @param registry if it was given with a flag
 */
export function installCommand(spec: string, registry: string | undefined): string {
  const quoted = /^[\w@/.^~+-]+$/.test(spec) ? spec : `'${spec}'`
  return `apkg add ${quoted}${registry === undefined ? '' : ` --registry ${registry}`}`
}
