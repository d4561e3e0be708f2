interface Program {
  version: string
  plugins: ReadonlyMap<string, {version: string}>
}

/** The version of this plugin, in whichever program it runs. @param config oclif's. */
export function pluginVersion({version, plugins}: Program): string {
  return plugins.get('@apkg/plugin-registry')?.version ?? version
}
