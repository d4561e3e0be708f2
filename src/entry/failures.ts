import {defineFailures, exitCodes, type Failure, type FailureRows} from '@apkg/command-kit'

/** Failures of running a command. */
export const failures = {
  COMMAND_UNKNOWN: ({
    command,
    nearest,
    topic,
    plugin,
  }: {
    command: string
    nearest?: string | undefined
    /** The topic that it would belong to. */
    topic?: string
    /** The plugin that has it. */
    plugin?: string | undefined
  }): Failure => ({
    exit: exitCodes.usage,
    message: `\`${command}\` is not an apkg command`,
    suggestions: [
      ...(plugin ? [`run \`apkg plugins install ${plugin}\`, which has it`] : []),
      ...(nearest ? [`did you mean \`apkg ${nearest}\`?`] : []),
      `run \`apkg ${topic === undefined ? 'help' : `help ${topic}`}\` for the list of commands`,
    ],
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
    /** Where the plugin's owner takes reports. */
    issues: string | undefined
  }): Failure => ({
    exit: exitCodes.failed,
    message: `The plugin ${plugin} cannot run \`${command}\`: ${reason}`,
    suggestions: [
      ...(issues === undefined ? [] : [`report it at ${issues}`]),
      `run \`apkg plugins update\`, or \`apkg plugins uninstall ${plugin}\``,
    ],
  }),
} as const satisfies FailureRows

export const failure = defineFailures(failures)
