/** What is read of a plugin; the manifests of older versions of oclif have no hidden aliases. */
interface Named {
  commands: readonly {id: string; aliases: readonly string[]; hiddenAliases?: readonly string[]}[]
}

export interface ShadowedCommand<Plugin> {
  plugin: Plugin
  /** As it is typed. */
  command: string
  /** Whose command of that name is run instead. */
  owner: Plugin
}

/**
 * The commands, and aliases of commands, whose name an earlier plugin has taken.
 *
 * @param plugins in the order in which oclif prefers them: ours first.
 */
export function shadowedCommands<Plugin extends Named>(plugins: readonly Plugin[]): ShadowedCommand<Plugin>[] {
  const owners = new Map<string, Plugin>()
  return plugins.flatMap((plugin) => {
    const names = plugin.commands.flatMap(({id, aliases, hiddenAliases = []}) => [id, ...aliases, ...hiddenAliases])
    return names.flatMap((name) => {
      const owner = owners.get(name)
      owners.set(name, owner ?? plugin)
      return owner && owner !== plugin ? [{plugin, command: name.replaceAll(':', ' '), owner}] : []
    })
  })
}
