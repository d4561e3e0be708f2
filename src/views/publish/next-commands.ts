/**
 * What to do with a new package or project.
 *
 * @param created the files that were created; the last one is to be edited.
 */
export function nextCommands(type: string, created: readonly string[]): string {
  const edited = created.length > 1 ? ` edit ${created.at(-1) ?? ''}, then run` : ' run'
  const commands = type === 'project' ? ofProjects : ofPackages
  const width = Math.max(...commands.map(([command]) => command.length))
  const lines = commands.map(([command, purpose]) => `  ${command.padEnd(width)}  # ${purpose}`)
  return `\nNext steps:${edited}\n${lines.join('\n')}`
}

const ofPackages = [
  ['apkg lint', 'check it'],
  ['apkg link', 'try it in a project, with `apkg link <name>` there'],
  ['apkg publish', 'publish it'],
] as const

const ofProjects = [
  ['apkg search <words>', 'find packages'],
  ['apkg add @scope/name', 'install a package and set up your tools'],
  ['apkg list', 'show what is installed'],
] as const
