export interface PluginTrouble {
  name: string
  /** What is wrong, behind "The plugin x". */
  trouble: string
  /** Where its owner takes reports. */
  issues: string | undefined
}

/** A warning about a plugin: which one, what is wrong, and who can mend it. */
export function pluginTrouble({name, trouble, issues}: PluginTrouble): string {
  return `The plugin ${name} ${trouble}${issues === undefined ? '' : ` (report it at ${issues})`}`
}
