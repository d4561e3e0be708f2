/** The parts of a plugin that matter here. Manifests of older oclif versions lack hidden aliases. */
interface Named {
  commands: readonly {id: string; aliases: readonly string[]; hiddenAliases?: readonly string[]}[]
}

export interface ShadowedCommand<Plugin> {
  plugin: Plugin
  /** As typed. */
  command: string
  /** The plugin whose command is run instead. */
  owner: Plugin
}

/**
 * Finds commands and aliases whose names an earlier plugin already uses.
 *
 * @param plugins in oclif's order of preference: apkg's own first.
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
