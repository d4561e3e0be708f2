import {exitCodes} from './exit-codes.js'

export interface Failure {
  exit: number
  message: string
  /** Commands and steps that mend it, most likely first. */
  suggestions?: string[]
}

/** The command that logs in to a registry, as a user would type it. */
function login(registry: string): string {
  return `run \`apkg login --registry ${registry}\``
}

/** A sentence or a code that a registry gave, with the endpoint's purpose before it. */
interface Refusal {
  purpose: string
  registry: string
  reason: string
  /** Where the credential came from that the request was made with. */
  source?: string | undefined
  /** Extra steps, for refusals that the client understands. */
  suggestions?: string[]
}

/** The credential stands behind the first line of the reason; the lines after it are a registry's details. */
function cannot({purpose, registry, reason, source}: Refusal): string {
  const [sentence = '', ...details] = reason.split('\n')
  const credential = source === undefined ? '' : ` (credential: ${source})`
  return [`Cannot ${purpose} at ${registry}: ${sentence}${credential}`, ...details].join('\n')
}

/** Every failure a user can meet, with its exit code and its way out. Codes are never reused. */
export const failures = {
  USAGE: ({message, suggestions}: {message: string; suggestions?: string[]}): Failure => ({
    exit: exitCodes.usage,
    message,
    ...(suggestions && {suggestions}),
  }),
  COMMAND_UNKNOWN: ({command, nearest}: {command: string; nearest?: string | undefined}): Failure => ({
    exit: exitCodes.usage,
    message: `\`${command}\` is not an apkg command`,
    suggestions: [
      ...(nearest ? [`did you mean \`apkg ${nearest}\`?`] : []),
      'run `apkg help` for the list of commands',
    ],
  }),
  INPUT_MISSING: ({what, supply}: {what: string; supply: string}): Failure => ({
    exit: exitCodes.usage,
    message: `${what} is missing, and there is no terminal to ask on`,
    suggestions: [`give it with ${supply}`],
  }),
  STDIN_SILENT: ({what, seconds}: {what: string; seconds: number}): Failure => ({
    exit: exitCodes.usage,
    message: `Nothing arrived on standard input within ${seconds} seconds, where ${what} was expected`,
    suggestions: [`pipe ${what} into the command`],
  }),
  INTERRUPTED: (): Failure => ({exit: exitCodes.interrupted, message: 'Interrupted'}),
  OUTPUT_FAILED: ({reason}: {reason: string}): Failure => ({
    exit: exitCodes.failed,
    message: `Cannot write to standard output: ${reason}`,
  }),
  UNEXPECTED: ({message, bugs}: {message: string; bugs?: string | undefined}): Failure => ({
    exit: exitCodes.failed,
    message: `Unexpected error: ${message}`,
    suggestions: ['run it again with DEBUG=oclif:apkg:* to see where', ...(bugs ? [`report it at ${bugs}`] : [])],
  }),

  REGISTRY_BLANK: ({variable}: {variable: string}): Failure => ({
    exit: exitCodes.usage,
    message: `${variable} is set but blank`,
    suggestions: [`set ${variable} to a registry's URL, or unset it`],
  }),
  REGISTRY_INVALID: ({url, origin, reason}: {url: string; origin: string; reason: string}): Failure => ({
    exit: exitCodes.usage,
    message: `The URL ${url} from ${origin} is not usable: ${reason}`,
    suggestions: ['give a URL like https://registry.example.com/path'],
  }),
  SERVICES_IN_THE_WAY: ({services}: {services: string[]}): Failure => ({
    exit: exitCodes.failed,
    message: `The registry cannot be changed while ${services.join(', ')} redirect parts of the present one`,
    suggestions: services.map((service) => `run \`apkg config delete ${service}\``),
  }),

  AUTH_REQUIRED: ({registry}: {registry: string}): Failure => ({
    exit: exitCodes.credential,
    message: `There is no credential for ${registry}`,
    suggestions: [login(registry), 'set APKG_TOKEN to an API token'],
  }),
  SOURCES_UNSELECTED: (): Failure => ({
    exit: exitCodes.credential,
    message: 'No credential source was selected for this command, because it was not started through apkg',
  }),
  TOKEN_BLANK: ({variable}: {variable: string}): Failure => ({
    exit: exitCodes.credential,
    message: `${variable} is set but blank`,
    suggestions: [`set ${variable}, or unset it to use the credential of \`apkg login\``],
  }),
  TOKEN_DAMAGED: ({source, length}: {source: string; length: number}): Failure => ({
    exit: exitCodes.credential,
    message: `The credential from ${source} is not whole: its ${length} characters do not add up. Was it cut off when it was pasted?`,
    suggestions: ['copy it again, or create another with `apkg token create`'],
  }),
  TOKEN_UNSENDABLE: ({source}: {source: string}): Failure => ({
    exit: exitCodes.credential,
    message: `The credential from ${source} holds white space or characters that no token has`,
    suggestions: ['copy it again, or create another with `apkg token create`'],
  }),
  REJECTED: ({suggestions, ...refusal}: Refusal): Failure => ({
    exit: exitCodes.credential,
    message: cannot(refusal),
    suggestions: suggestions ?? [login(refusal.registry)],
  }),
  LOGIN_REJECTED: ({registry, reason}: {registry: string; reason: string}): Failure => ({
    exit: exitCodes.credential,
    message: cannot({purpose: 'log in', registry, reason}),
    suggestions: ['check the username, the password and the code, and log in again'],
  }),
  SESSION_ENDED: ({registry, reason}: {registry: string; reason: string}): Failure => ({
    exit: exitCodes.credential,
    message: `Your session at ${registry} has ended: ${reason}`,
    suggestions: [login(registry)],
  }),

  REFUSED: ({suggestions = [], ...refusal}: Refusal): Failure => ({
    exit: exitCodes.refused,
    message: cannot(refusal),
    suggestions,
  }),
  REQUEST_FAILED: ({suggestions = [], ...refusal}: Refusal): Failure => ({
    exit: exitCodes.failed,
    message: cannot(refusal),
    suggestions,
  }),
  NOT_OFFERED: ({purpose, registry}: {purpose: string; registry: string}): Failure => ({
    exit: exitCodes.failed,
    message: `Cannot ${purpose}: ${registry} does not offer it`,
  }),
  REDIRECTED: ({target, ...refusal}: Omit<Refusal, 'reason'> & {target: string}): Failure => ({
    exit: exitCodes.failed,
    message: cannot({...refusal, reason: `it redirects to ${target}, which is not followed`}),
    suggestions: ['if the registry has moved to an address that you trust, give that with --registry'],
  }),
  OFFLINE: ({purpose}: {purpose: string}): Failure => ({
    exit: exitCodes.network,
    message: `Cannot ${purpose} while offline`,
    suggestions: ['leave out --offline and unset APKG_OFFLINE'],
  }),
  UNREACHABLE: (refusal: Refusal): Failure => ({
    exit: exitCodes.network,
    message: cannot(refusal),
    suggestions: [`check the network and the address ${refusal.registry}`],
  }),
  TIMED_OUT: (refusal: Omit<Refusal, 'reason'>): Failure => ({
    exit: exitCodes.network,
    message: cannot({...refusal, reason: 'no answer in time'}),
    suggestions: ['try again later, or wait longer with APKG_TIMEOUT_SECS'],
  }),
  RATE_LIMITED: ({retryAfter, ...refusal}: Refusal & {retryAfter?: number | undefined}): Failure => ({
    exit: exitCodes.network,
    message: cannot(refusal),
    suggestions: [retryAfter === undefined ? 'try again later' : `try again in ${retryAfter} seconds`],
  }),
  SERVER_FAILED: (refusal: Refusal): Failure => ({
    exit: exitCodes.network,
    message: cannot(refusal),
    suggestions: ['try again later'],
  }),
  BAD_ANSWER: (refusal: Refusal): Failure => ({
    exit: exitCodes.network,
    message: cannot(refusal),
    suggestions: [`check that ${refusal.registry} is the address of an apkg registry`],
  }),

  FILE_DAMAGED: ({path, reason}: {path: string; reason: string}): Failure => ({
    exit: exitCodes.failed,
    message: `${path} is damaged: ${reason}. It was left as it is`,
    suggestions: [`mend it, or move it away: \`mv ${path} ${path}.damaged\``],
  }),
  FILE_UNREADABLE: ({path, reason}: {path: string; reason: string}): Failure => ({
    exit: exitCodes.failed,
    message: `${path} cannot be read: ${reason}`,
    suggestions: [`check who owns it: \`ls -l ${path}\``],
  }),
  FILE_UNWRITABLE: ({path, reason}: {path: string; reason: string}): Failure => ({
    exit: exitCodes.failed,
    message: `${path} cannot be written: ${reason}`,
    suggestions: [`check who owns it and the space on its disk: \`ls -ld ${path}\``],
  }),
  HOME_UNUSABLE: ({home}: {home: string}): Failure => ({
    exit: exitCodes.failed,
    message: `The home folder \`${home}\` is no absolute path, so there is no place for ~/.apkg`,
    suggestions: ['set HOME to the path of your home folder'],
  }),
  STORE_LOCKED: ({path}: {path: string}): Failure => ({
    exit: exitCodes.failed,
    message: `Another apkg process holds ${path}`,
    suggestions: ['try again when it is done'],
  }),

  CONFIG_KEY_UNKNOWN: ({key, known}: {key: string; known: string[]}): Failure => ({
    exit: exitCodes.usage,
    message: `Unknown config key: ${key}`,
    suggestions: [`use one of: ${known.join(', ')}`],
  }),
  CONFIG_KEY_UNSET: ({key}: {key: string}): Failure => ({
    exit: exitCodes.failed,
    message: `Config key not set: ${key}`,
    suggestions: [`run \`apkg config set ${key} <value>\``],
  }),
  CONFIG_VALUE_INVALID: ({key, reason}: {key: string; reason: string}): Failure => ({
    exit: exitCodes.usage,
    message: `Not a value for ${key}: ${reason}`,
  }),

  LABEL_INVALID: ({reason}: {reason: string}): Failure => ({
    exit: exitCodes.usage,
    message: `The label ${reason}`,
  }),
  TOKEN_NOT_FOUND: ({selectors, registry}: {selectors: string[]; registry: string}): Failure => ({
    exit: exitCodes.failed,
    message: `No token at ${registry} has the id or label ${selectors.map((each) => `\`${each}\``).join(', ')}. Nothing was revoked`,
    suggestions: [`run \`apkg token list --registry ${registry}\``],
  }),
  TOKEN_AMBIGUOUS: ({selector, candidates}: {selector: string; candidates: string[]}): Failure => ({
    exit: exitCodes.failed,
    message: `\`${selector}\` stands for more than one token:\n${candidates.map((each) => `  ${each}`).join('\n')}\nNothing was revoked`,
    suggestions: ['give a whole id'],
  }),
  TOKEN_VALUE_GIVEN: (): Failure => ({
    exit: exitCodes.usage,
    message:
      'An argument looks like the value of a token. Values do not belong on a command line, where other users and the shell history can see them. Nothing was sent',
    suggestions: [
      'run `apkg token list` and give the id or the label',
      'to revoke the token in APKG_TOKEN, run `apkg token revoke --current`',
    ],
  }),
  TOKEN_WIDER: ({
    label,
    differences,
    leftover,
  }: {
    label: string
    differences: string[]
    leftover?: string | undefined
  }): Failure => ({
    exit: exitCodes.refused,
    message: `The registry made the token \`${label}\` wider than was asked: ${differences.join('; ')}. ${
      leftover ? `It could NOT be revoked again and is still alive` : 'It was revoked again'
    }`,
    suggestions: leftover ? [`run \`${leftover}\``] : [],
  }),
  TOKEN_UNDELIVERED: ({
    label,
    reason,
    leftover,
  }: {
    label: string
    reason: string
    leftover?: string | undefined
  }): Failure => ({
    exit: exitCodes.failed,
    message: `The value of the token \`${label}\` could not be written to standard output (${reason}). ${
      leftover ? 'The token could NOT be revoked again and is still alive' : 'The token was revoked again'
    }`,
    suggestions: leftover ? [`run \`${leftover}\``] : [],
  }),
  NOWHERE_TO_DELIVER: (): Failure => ({
    exit: exitCodes.failed,
    message: 'Standard output is closed or /dev/null, so nobody would ever see the token. None was created',
    suggestions: ['let the command write to a terminal, a file or a pipe'],
  }),
  CREATION_UNCERTAIN: ({
    label,
    revoke,
    exit,
    reason,
  }: {
    label: string
    revoke: string
    exit: number
    reason: string
  }): Failure => ({
    exit,
    message: `${reason}. Whether the token \`${label}\` was created is not known`,
    suggestions: [`run \`${revoke}\` so that nothing unseen stays alive`],
  }),
} as const satisfies Record<string, (facts: never) => Failure>

export type FailureCode = keyof typeof failures
