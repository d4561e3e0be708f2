interface Program {
  version: string
  plugins: ReadonlyMap<string, {version: string}>
}

/** The version of this plugin, or of the program that it is bundled with. */
export function pluginVersion({version, plugins}: Program): string {
  return plugins.get('@apkg/plugin-registry')?.version ?? version
}
