import {defineFailures, exitCodes, type Failure, type FailureRows} from '@apkg/command-kit'

/** Failures of finding a command. */
export const failures = {
  COMMAND_UNKNOWN: ({
    command,
    nearest,
    topic,
    plugin,
    instead = [],
  }: {
    command: string
    nearest?: string | undefined
    /** The topic that was typed. */
    topic?: string | undefined
    /** The plugin that provides it. */
    plugin?: string | undefined
    /** The commands that do what was meant. */
    instead?: readonly string[]
  }): Failure => ({
    exit: exitCodes.usage,
    message: `\`${command}\` is not an apkg command`,
    suggestions: [
      ...(plugin ? [`run \`apkg plugins install ${plugin}\` to install the plugin that provides it`] : []),
      ...instead.map((each) => `run \`apkg ${each}\``),
      ...(nearest ? [`did you mean \`apkg ${nearest}\`?`] : []),
      `run \`apkg ${topic === undefined ? 'help' : `help ${topic}`}\` for a list of commands`,
    ],
  }),
} as const satisfies FailureRows

export const failure = defineFailures(failures)
