import type {Failure, FailureRows, Mistyped} from './failure-row.js'
import {exitCodes} from './exit-codes.js'
import {nearestPresent, shellPath} from './shell-path.js'

/** The command that logs in to a registry, as a user would type it. */
function login(registry: string): string {
  return `run \`apkg login --registry ${registry}\``
}

/** A sentence or a code that a registry gave, with the endpoint's purpose before it. */
export interface FailedRequest {
  purpose: string
  registry: string
  reason: string
  /** Where the credential came from that the request was made with. */
  source?: string | undefined
  /** Extra steps, for refusals that the client understands. */
  suggestions?: string[]
}

/** The credential stands behind the first line of the reason; the lines after it are a registry's details. */
function cannot({purpose, registry, reason, source}: FailedRequest): string {
  const [sentence = '', ...details] = reason.split('\n')
  const credential = source === undefined ? '' : ` (credential: ${source})`
  return [`Cannot ${purpose} at ${registry}: ${sentence}${credential}`, ...details].join('\n')
}

/** Failures that every command and every plugin can meet. */
export const sharedFailures = {
  USAGE: ({
    message,
    suggestions = [],
    mistyped,
  }: {
    message: string
    suggestions?: string[]
    mistyped?: Mistyped | undefined
  }): Failure => ({exit: exitCodes.usage, message, suggestions, mistyped}),
  INPUT_MISSING: ({
    what,
    supply,
    because = 'there is no terminal to ask on',
    suggestions = [],
  }: {
    what: string
    supply: string
    because?: string
    suggestions?: string[]
  }): Failure => ({
    exit: exitCodes.usage,
    message: `${what} is missing, and ${because}`,
    suggestions: [...suggestions, `give it with ${supply}`],
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
  AUTH_REQUIRED: ({registry}: {registry: string}): Failure => ({
    exit: exitCodes.credential,
    message: `There is no credential for ${registry}`,
    suggestions: [login(registry), 'set APKG_TOKEN to an API token'],
  }),
  SOURCES_UNSELECTED: (): Failure => ({
    exit: exitCodes.credential,
    message: 'No credential source was selected for this command, because it was not started through apkg',
    suggestions: [
      'run it as `apkg <command>`; a test of a plugin does so by `runCommand` of @apkg/command-kit/testing',
    ],
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
  REJECTED: ({suggestions, ...refusal}: FailedRequest): Failure => ({
    exit: exitCodes.credential,
    message: cannot(refusal),
    suggestions: suggestions ?? [login(refusal.registry)],
  }),
  SESSION_ENDED: ({registry, reason}: {registry: string; reason: string}): Failure => ({
    exit: exitCodes.credential,
    message: `Your session at ${registry} has ended: ${reason}`,
    suggestions: [login(registry)],
  }),
  REFUSED: ({suggestions = [], ...refusal}: FailedRequest): Failure => ({
    exit: exitCodes.refused,
    message: cannot(refusal),
    suggestions,
  }),
  REQUEST_FAILED: ({suggestions = [], ...refusal}: FailedRequest): Failure => ({
    exit: exitCodes.failed,
    message: cannot(refusal),
    suggestions,
  }),
  NOT_OFFERED: ({purpose, registry}: {purpose: string; registry: string}): Failure => ({
    exit: exitCodes.failed,
    message: `Cannot ${purpose}: ${registry} does not offer it`,
    suggestions: ['name another registry with --registry', 'run `apkg config list` to see which one is used'],
  }),
  REDIRECTED: ({target, ...refusal}: Omit<FailedRequest, 'reason'> & {target: string}): Failure => ({
    exit: exitCodes.failed,
    message: cannot({...refusal, reason: `it redirects to ${target}, which is not followed`}),
    suggestions: ['if the registry has moved to an address that you trust, give that with --registry'],
  }),
  OFFLINE: ({purpose}: {purpose: string}): Failure => ({
    exit: exitCodes.network,
    message: `Cannot ${purpose} while offline`,
    suggestions: ['leave out --offline and unset APKG_OFFLINE'],
  }),
  UNREACHABLE: (refusal: FailedRequest): Failure => ({
    exit: exitCodes.network,
    message: cannot(refusal),
    suggestions: [`check the network and the address ${refusal.registry}`],
  }),
  TIMED_OUT: (refusal: Omit<FailedRequest, 'reason'>): Failure => ({
    exit: exitCodes.network,
    message: cannot({...refusal, reason: 'no answer in time'}),
    suggestions: ['try again later, or wait longer with APKG_TIMEOUT_SECS'],
  }),
  RATE_LIMITED: ({retryAfter, ...refusal}: FailedRequest & {retryAfter?: number | undefined}): Failure => ({
    exit: exitCodes.network,
    message: cannot(refusal),
    suggestions: [retryAfter === undefined ? 'try again later' : `try again in ${retryAfter} seconds`],
  }),
  SERVER_FAILED: (refusal: FailedRequest): Failure => ({
    exit: exitCodes.network,
    message: cannot(refusal),
    suggestions: ['try again later'],
  }),
  BAD_ANSWER: (refusal: FailedRequest): Failure => ({
    exit: exitCodes.network,
    message: cannot(refusal),
    suggestions: [`check that ${refusal.registry} is the address of an apkg registry`],
  }),
  FILE_DAMAGED: ({path, reason}: {path: string; reason: string}): Failure => ({
    exit: exitCodes.failed,
    message: `${path} is damaged: ${reason}. It was left as it is`,
    suggestions: [`mend it, or move it away: \`mv ${shellPath(path)} ${shellPath(`${path}.damaged`)}\``],
  }),
  FILE_UNREADABLE: ({path, reason}: {path: string; reason: string}): Failure => ({
    exit: exitCodes.failed,
    message: `${path} cannot be read: ${reason}`,
    suggestions: [`check who owns it: \`ls -ld ${shellPath(nearestPresent(path))}\``],
  }),
  FILE_UNWRITABLE: ({path, reason}: {path: string; reason: string}): Failure => ({
    exit: exitCodes.failed,
    message: `${path} cannot be written: ${reason}`,
    suggestions: [`check who owns it and the space on its disk: \`ls -ld ${shellPath(nearestPresent(path))}\``],
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
} as const satisfies FailureRows
