/** Commands for one purpose. */
export interface CommandGroup {
  title: string
  /** Names of commands and topics. A topic includes all its commands. */
  commands: readonly string[]
}

/** Commands by purpose, in the order in which a new user needs them. */
export const commandGroups: readonly CommandGroup[] = [
  {
    title: 'Use packages',
    commands: [
      'search',
      'info',
      'add',
      'install',
      'ci',
      'update',
      'remove',
      'list',
      'why',
      'outdated',
      'link',
      'unlink',
      'setup',
    ],
  },
  {
    title: 'Publish packages',
    commands: [
      'init',
      'lint',
      'version',
      'pack',
      'publish',
      'deprecate',
      'yank',
      'dist-tag',
      'key',
      'trusted-publisher',
    ],
  },
  {title: 'Accounts and tokens', commands: ['login', 'logout', 'whoami', 'session', 'token', 'org']},
  {title: 'Verify packages', commands: ['verify', 'audit', 'trust']},
  {
    title: 'This machine',
    commands: [
      'config',
      'cache',
      'plugins',
      'completions',
      'autocomplete',
      'add-to-path',
      'check-update',
      'doctor',
      'help',
    ],
  },
]

/** The groups, and one more for commands of plugins. */
export function groupsOf(ids: readonly string[]): CommandGroup[] {
  const grouped = new Set(commandGroups.flatMap(({commands}) => commands))
  const others = new Set(ids.map((id) => id.split(':', 1)[0] ?? '').filter((word) => !grouped.has(word)))
  const fromPlugins = {title: 'From plugins', commands: [...others].sort()}
  return [...commandGroups, ...(others.size > 0 ? [fromPlugins] : [])]
}
