export interface PluginWarning {
  name: string
  /** A phrase that completes "The plugin x". */
  problem: string
  /** URL for bug reports. */
  issues: string | undefined
}

export function pluginWarning({name, problem, issues}: PluginWarning): string {
  return `The plugin ${name} ${problem}${issues === undefined ? '' : ` (report it at ${issues})`}`
}
