import {defineFailures, exitCodes, type Failure, type FailureRows} from '@apkg/command-kit'

/** Failures of the user's plugins. */
export const failures = {
  PLUGIN_NOT_FOUND: ({plugin}: {plugin: string}): Failure => ({
    exit: exitCodes.failed,
    message: `Plugin not found: the npm registry has no package ${plugin}`,
    suggestions: ['check the name', 'if the plugin is in another registry, set npm_config_registry'],
  }),
  PLUGIN_NOT_INSTALLED: ({plugin}: {plugin: string}): Failure => ({
    exit: exitCodes.failed,
    message: `Plugin not installed: ${plugin}`,
    suggestions: ['run `apkg plugins` for a list of plugins'],
  }),
  PLUGIN_NOT_CHANGED: ({
    plugin,
    action,
    reason,
  }: {
    plugin: string
    action: 'install' | 'update'
    reason: string
  }): Failure => ({
    exit: exitCodes.failed,
    message: `Cannot ${action} the plugin ${plugin}: ${reason}`,
    suggestions: ['run the command again with --verbose to see the output of npm'],
  }),
  PLUGIN_INVALID: ({folder, reason}: {folder: string; reason: string}): Failure => ({
    exit: exitCodes.failed,
    message: `Cannot link the plugin ${folder}: ${reason}`,
    suggestions: ['pass the directory of a plugin, with its package.json'],
  }),
  PLUGIN_FAILED: ({
    plugin,
    command,
    reason,
    issues,
  }: {
    plugin: string
    command: string
    reason: string
    /** URL for bug reports. */
    issues: string | undefined
  }): Failure => ({
    exit: exitCodes.failed,
    message: `Cannot load \`${command}\` from the plugin ${plugin}: ${reason}`,
    suggestions: [
      ...(issues === undefined ? [] : [`report it at ${issues}`]),
      `run \`apkg plugins update\` to update it, or \`apkg plugins uninstall ${plugin}\` to remove it`,
    ],
  }),
} as const satisfies FailureRows

export const failure = defineFailures(failures)
