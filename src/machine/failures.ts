import {defineFailures, exitCodes, type Failure, type FailureRows, moveCommand} from '@apkg/command-kit'

/** Failures of settings and this machine. */
export const failures = {
  SERVICE_OVERRIDES_PRESENT: ({services}: {services: string[]}): Failure => ({
    exit: exitCodes.failed,
    message: `Cannot change the registry while ${services.join(', ')} ${services.length === 1 ? 'is' : 'are'} set`,
    suggestions: services.map((service) => `run \`apkg config delete ${service}\``),
  }),
  CONFIG_KEY_UNKNOWN: ({key, known}: {key: string; known: readonly string[]}): Failure => ({
    exit: exitCodes.usage,
    message: `Unknown config key: ${key}`,
    suggestions: [`use one of: ${known.join(', ')}`],
    mistyped: {word: key, known},
  }),
  CONFIG_KEY_UNSET: ({key}: {key: string}): Failure => ({
    exit: exitCodes.failed,
    message: `Config key not set: ${key}`,
    suggestions: [`run \`apkg config set ${key} <value>\``],
  }),
  CONFIG_VALUE_INVALID: ({
    key,
    reason,
    mistyped,
  }: {
    key: string
    reason: string
    mistyped?: {word: string; known: readonly string[]}
  }): Failure => ({
    exit: exitCodes.usage,
    message: `Invalid value for ${key}: ${reason}`,
    ...(mistyped && {mistyped}),
    suggestions: [`run \`apkg config set ${key} <value>\` with another value`],
  }),
  FILE_UNMANAGED: ({path}: {path: string}): Failure => ({
    exit: exitCodes.failed,
    message: `${path} already exists and was not created by apkg`,
    suggestions: [`move it out of the way: \`${moveCommand(path, `${path}.moved`)}\``],
  }),
} as const satisfies FailureRows

export const failure = defineFailures(failures)
