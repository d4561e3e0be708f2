import {exitCodes, type ExitCode} from './exit-codes.js'
import type {Failure, FailureRows, Mistyped} from './failure-row.js'
import {inspectCommand, moveCommand, nearestExisting} from './shell-path.js'

/** Returns the step that logs in to a registry. */
function login(registry: string): string {
  return `run \`apkg login --registry ${registry}\``
}

/** A request that the registry refused, or that got no response. */
export interface FailedRequest {
  /** What the request was for, completing "cannot …". */
  purpose: string
  registry: string
  /** The registry's message, with each detail on its own line, or why it didn't respond. */
  reason: string
  /** The source of the credential of the request. */
  source?: string | undefined
  /** Next steps, for refusals that the client understands. */
  suggestions?: string[]
}

/** A proxy that made no connection to the registry. */
export interface UnusableProxy {
  /** The variable that contains its URL. */
  variable: string
  /** Whether it requires another username or password (407). */
  isUnauthorized: boolean
}

/** Puts the credential's source at the end of the first line, before the registry's details. */
function cannot({purpose, registry, reason, source}: FailedRequest): string {
  const [sentence = '', ...details] = reason.split('\n')
  const credential = source === undefined ? '' : ` (credential: ${source})`
  return [`Cannot ${purpose} at ${registry}: ${sentence}${credential}`, ...details].join('\n')
}

const copyTokenAgain = 'copy the token again, or create a new one with `apkg token create`'

/** What was given instead of a token. */
export type UnsendableToken =
  'assigned' | 'quoted' | 'unexpanded' | 'placeholder' | 'literal' | 'scheme' | 'line-break' | 'character'

/** A clause that completes "The token from APKG_TOKEN …", and the step that fixes it. */
const unsendableTokens: Readonly<Record<UnsendableToken, {problem: string; step: string}>> = {
  assigned: {
    problem: 'contains the name of a variable',
    step: 'remove the name of the variable and the `=` from the value',
  },
  quoted: {
    problem: 'is in quotation marks',
    step: 'remove the quotation marks, which `docker run --env-file` and many settings pages keep',
  },
  unexpanded: {
    problem: 'is a reference to a variable that was not expanded',
    step: 'set it where variables are expanded, such as in a shell, or set it to the token itself',
  },
  placeholder: {
    problem: 'is a placeholder or a masked value',
    step: 'copy the token from where it was created, not from a log or a settings page',
  },
  literal: {
    problem: 'is a literal such as `undefined` or `null`, not a token',
    step: 'check that the secret is defined where the variable is set',
  },
  scheme: {
    problem: 'starts with the name of an authentication scheme',
    step: 'remove the scheme; apkg adds `Bearer` itself',
  },
  'line-break': {problem: 'contains a line break', step: copyTokenAgain},
  character: {problem: 'contains whitespace or other invalid characters', step: copyTokenAgain},
}

/** What a variable takes, if not an API token. */
const otherContents: Readonly<Record<string, string | undefined>> = {
  APKG_TOKEN_FILE: 'the path of a file that contains an API token',
  APKG_TOKEN_REGISTRY: 'the URL of a registry',
}

/** The next steps after a refused ID token, by the registry's error code. */
function idTokenSteps(registry: string, code: string | undefined): string[] {
  switch (code) {
    case 'OIDC_EVENT_REFUSED': {
      return ['publish from a push to a protected branch or tag, or from a release', listPublishers(registry)]
    }
    case 'OIDC_PUBLISHER_AMBIGUOUS': {
      return ['run the command in the directory of the package to publish']
    }
    case 'OIDC_TOKEN_INVALID': {
      return [`check that the audience of the ID token is ${registry}`, 'run the job again to get a new ID token']
    }
    default: {
      return [listPublishers(registry)]
    }
  }
}

/** How to pass a token to a registry. `APKG_TOKEN` ignores routes. */
function tokenHints(variable: string | undefined, isRouted: boolean): string[] {
  if (!isRouted)
    return [`set APKG_TOKEN to an API token${variable === undefined ? '' : `, or ${variable} for this registry only`}`]
  return variable === undefined ? [] : [`set ${variable} to an API token of this registry`]
}

function listPublishers(registry: string): string {
  return `compare with the output of \`apkg trusted-publisher list --registry ${registry}\`, on a machine where you are logged in`
}

/** Failures that all commands and plugins share. */
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
    missing,
    supply,
    because = "apkg can't prompt without a terminal",
    suggestions = [],
  }: {
    /** `No username was given`. */
    missing: string
    /** The step that supplies it: `pass --username`. */
    supply: string
    /** Why it wasn't prompted for; `false` if `missing` says it all. */
    because?: string | false
    suggestions?: string[]
  }): Failure => ({
    exit: exitCodes.usage,
    message: because === false ? missing : `${missing}, and ${because}`,
    suggestions: [...suggestions, supply],
  }),
  STDIN_SILENT: ({what, seconds}: {what: string; seconds: number}): Failure => ({
    exit: exitCodes.usage,
    message: `Timed out after ${seconds} seconds waiting for ${what} on standard input`,
    suggestions: [`pipe ${what} into the command`],
  }),
  INTERRUPTED: (): Failure => ({exit: exitCodes.interrupted, message: 'Interrupted'}),
  OUTPUT_FAILED: ({reason, exit = exitCodes.failed}: {reason: string; exit?: ExitCode}): Failure => ({
    exit,
    message: `Cannot write to standard output: ${reason}`,
    suggestions: ['check the output destination and its free disk space'],
  }),
  FAILED: ({message, exit}: {message: string; exit: number}): Failure => ({
    exit,
    message,
    suggestions: ['run the command again with DEBUG=* to see where it failed'],
  }),
  UNEXPECTED: ({message, bugs}: {message: string; bugs?: string | undefined}): Failure => ({
    exit: exitCodes.failed,
    message: `Unexpected error: ${message}`,
    suggestions: [
      'run the command again with DEBUG=oclif:apkg:* to see where it failed',
      ...(bugs ? [`report it at ${bugs}`] : []),
    ],
  }),

  REGISTRY_BLANK: ({variable}: {variable: string}): Failure => ({
    exit: exitCodes.usage,
    message: `${variable} is set but blank`,
    suggestions: [`set ${variable} to the URL of a registry, or unset it`],
  }),
  REGISTRY_INVALID: ({url, origin, reason}: {url: string; origin: string; reason: string}): Failure => ({
    exit: exitCodes.usage,
    message: `Invalid registry URL ${url} (from ${origin}): ${reason}`,
    suggestions: ['use a URL such as https://registry.example.com/path'],
  }),

  PROXY_INVALID: ({variable, reason}: {variable: string; reason: string}): Failure => ({
    exit: exitCodes.usage,
    message: `Invalid proxy in ${variable}: ${reason}`,
    suggestions: [
      `set ${variable} to a URL such as http://proxy.example.com:8080`,
      'set APKG_NO_PROXY=1 to use no proxy',
    ],
  }),

  AUTH_REQUIRED: ({
    registry,
    tokenVariable,
    lacksIdToken = false,
    isRouted = false,
    loggedInTo = [],
  }: {
    registry: string
    /** Whether a job of GitHub Actions can't request ID tokens. */
    lacksIdToken?: boolean
    /** The variable for the token of this registry only. */
    tokenVariable?: string | undefined
    /** Whether the registry is that of a route, so APKG_TOKEN isn't sent to it. */
    isRouted?: boolean
    /** Other registries with a stored login. */
    loggedInTo?: readonly {registry: string; username: string}[]
  }): Failure => ({
    exit: exitCodes.credential,
    message: `Authentication required: no credential for ${registry}`,
    suggestions: [
      ...(lacksIdToken ? ['for trusted publishing, add `id-token: write` to the `permissions` of this job'] : []),
      ...loggedInTo.map(
        (other) => `you are logged in to ${other.registry} as ${other.username}: add \`--registry ${other.registry}\``,
      ),
      login(registry),
      ...tokenHints(tokenVariable, isRouted),
    ],
  }),
  SOURCES_UNSELECTED: (): Failure => ({
    exit: exitCodes.credential,
    message: 'Cannot select a credential source: the command was not started by apkg',
    suggestions: ['run it as `apkg <command>`; in a plugin test, use `runCommand` from @apkg/command-kit/testing'],
  }),
  TOKEN_BLANK: ({variable, hasIdToken = false}: {variable: string; hasIdToken?: boolean}): Failure => ({
    exit: exitCodes.credential,
    message: `${variable} is set but blank`,
    suggestions: [
      ...(hasIdToken ? [`to use trusted publishing, remove ${variable} from this job`] : []),
      `set ${variable} to ${otherContents[variable] ?? 'an API token'}, or unset it`,
    ],
  }),
  TOKEN_FILE_UNUSABLE: ({
    place,
    reason,
    suggestions = [],
  }: {
    /** The path of the file, or the variable that contains it. */
    place: string
    reason: string
    suggestions?: string[]
  }): Failure => ({
    exit: exitCodes.credential,
    message: `Cannot use the token file ${place}: ${reason}`,
    suggestions: [...suggestions, 'set APKG_TOKEN_FILE to a file that contains only a token, on one line'],
  }),
  TOKEN_DAMAGED: ({source}: {source: string}): Failure => ({
    exit: exitCodes.credential,
    message: `The token from ${source} is malformed (checksum mismatch). Was it truncated?`,
    suggestions: [copyTokenAgain],
  }),
  TOKEN_UNSENDABLE: ({source, kind}: {source: string; kind: UnsendableToken}): Failure => ({
    exit: exitCodes.credential,
    message: `The token from ${source} ${unsendableTokens[kind].problem}`,
    suggestions: [unsendableTokens[kind].step],
  }),
  ID_TOKEN_UNUSABLE: ({source, reason, registry}: {source: string; reason: string; registry: string}): Failure => ({
    exit: exitCodes.credential,
    message: `The ID token from ${source} ${reason}`,
    suggestions: [`request an ID token with the audience ${registry}`],
  }),
  ID_TOKEN_UNAVAILABLE: ({reason}: {reason: string}): Failure => ({
    exit: exitCodes.network,
    message: `GitHub Actions did not issue an ID token: ${reason}`,
    suggestions: ['run the job again', 'check that the job has the permission `id-token: write`'],
  }),
  ID_TOKEN_REFUSED: ({
    registry,
    reason,
    code,
  }: {
    registry: string
    /** The registry's message, with each detail on its own line. */
    reason: string
    /** The registry's error code. */
    code?: string | undefined
  }): Failure => ({
    exit: exitCodes.credential,
    message: `${registry} refused the ID token of this job: ${reason}`,
    suggestions: idTokenSteps(registry, code),
  }),
  ID_TOKEN_REPLAYED: ({registry}: {registry: string}): Failure => ({
    exit: exitCodes.credential,
    message: `${registry} refused the ID token of this job: it was already used`,
    suggestions: ['run the job again to get a new ID token'],
  }),
  REJECTED: ({suggestions, ...request}: FailedRequest): Failure => ({
    exit: exitCodes.credential,
    message: cannot(request),
    suggestions: suggestions ?? [login(request.registry)],
  }),
  SESSION_ENDED: ({registry, reason}: {registry: string; reason: string}): Failure => ({
    exit: exitCodes.credential,
    message: `Your session on ${registry} has ended: ${reason}`,
    suggestions: [login(registry)],
  }),

  REFUSED: ({suggestions, ...request}: FailedRequest): Failure => ({
    exit: exitCodes.refused,
    message: cannot(request),
    suggestions: suggestions ?? [
      `run \`apkg whoami --registry ${request.registry}\` to see your account and permissions`,
    ],
  }),
  REQUEST_FAILED: ({suggestions, ...request}: FailedRequest): Failure => ({
    exit: exitCodes.failed,
    message: cannot(request),
    suggestions: suggestions ?? [`check the arguments, and that ${request.registry} is the registry you meant`],
  }),
  NOT_OFFERED: ({
    purpose,
    registry,
    suggestions,
  }: {
    purpose: string
    registry: string
    /** What works instead. */
    suggestions?: string[]
  }): Failure => ({
    exit: exitCodes.failed,
    message: `Cannot ${purpose}: ${registry} does not support it`,
    suggestions: suggestions ?? [
      'run `apkg config list` to see which registry is configured',
      'use --registry to choose another registry',
    ],
  }),
  REDIRECTED: ({target, ...request}: Omit<FailedRequest, 'reason'> & {target: string}): Failure => ({
    exit: exitCodes.failed,
    message: cannot({...request, reason: `refusing to follow a redirect to ${target}`}),
    suggestions: ['if the registry has moved and you trust the new URL, pass it with --registry'],
  }),
  OFFLINE: ({purpose}: {purpose: string}): Failure => ({
    exit: exitCodes.network,
    message: `Offline mode: cannot ${purpose}`,
    suggestions: ['remove --offline, or unset APKG_OFFLINE'],
  }),
  UNREACHABLE: ({
    proxy,
    isPublic = false,
    suggestions,
    ...request
  }: FailedRequest & {
    proxy?: UnusableProxy
    /** Whether it is the public registry, which commands use if the user didn't select one. */
    isPublic?: boolean
  }): Failure => ({
    exit: exitCodes.network,
    message: cannot(request),
    suggestions: suggestions ?? [
      proxy === undefined
        ? `check your network connection and the URL ${request.registry}`
        : proxy.isUnauthorized
          ? `check the username and password in ${proxy.variable}`
          : `check ${proxy.variable}, or add the host to NO_PROXY`,
      ...(isPublic ? ['to use another registry, set APKG_REGISTRY to its URL, or pass it with --registry'] : []),
    ],
  }),
  TIMED_OUT: (request: Omit<FailedRequest, 'reason'>): Failure => ({
    exit: exitCodes.network,
    message: cannot({...request, reason: 'the request timed out'}),
    suggestions: ['try again later, or raise the timeout with APKG_TIMEOUT_SECS'],
  }),
  RATE_LIMITED: ({retryAfter, ...request}: FailedRequest & {retryAfter?: number | undefined}): Failure => ({
    exit: exitCodes.network,
    message: cannot(request),
    suggestions: [
      retryAfter === undefined
        ? 'try again later'
        : `try again in ${retryAfter} ${retryAfter === 1 ? 'second' : 'seconds'}`,
    ],
  }),
  SERVER_FAILED: (request: FailedRequest): Failure => ({
    exit: exitCodes.network,
    message: cannot(request),
    suggestions: ['try again later'],
  }),
  BAD_RESPONSE: (request: FailedRequest): Failure => ({
    exit: exitCodes.network,
    message: cannot(request),
    suggestions: [
      `check that ${request.registry} is the URL of an apkg registry, or choose another one with --registry`,
    ],
  }),

  FILE_DAMAGED: ({path, reason}: {path: string; reason: string}): Failure => ({
    exit: exitCodes.failed,
    message: `${path} is damaged: ${reason}. It was left unchanged`,
    suggestions: [`fix it, or move it out of the way: \`${moveCommand(path, `${path}.damaged`)}\``],
  }),
  FILE_UNREADABLE: ({
    path,
    reason,
    suggestions = [`check its owner and permissions: \`${inspectCommand(nearestExisting(path))}\``],
  }: {
    path: string
    reason: string
    suggestions?: string[]
  }): Failure => ({
    exit: exitCodes.failed,
    message: `Cannot read ${path}: ${reason}`,
    suggestions,
  }),
  FILE_UNWRITABLE: ({
    path,
    reason,
    suggestions = [],
  }: {
    path: string
    reason: string
    suggestions?: string[]
  }): Failure => ({
    exit: exitCodes.failed,
    message: `Cannot write ${path}: ${reason}`,
    suggestions: [
      ...suggestions,
      `check its owner, its permissions and the free disk space: \`${inspectCommand(nearestExisting(path))}\``,
    ],
  }),
  HOME_UNUSABLE: ({home}: {home: string}): Failure => ({
    exit: exitCodes.failed,
    message: `The home directory \`${home}\` is not an absolute path, so ~/.apkg cannot be located`,
    suggestions: ['set HOME to the absolute path of your home directory'],
  }),
  CWD_UNUSABLE: ({reason}: {reason: string}): Failure => ({
    exit: exitCodes.failed,
    message: `Cannot use the current directory: ${reason}`,
    suggestions: ['change to another directory, such as your home directory: `cd ~`'],
  }),
  STORE_LOCKED: ({path}: {path: string}): Failure => ({
    exit: exitCodes.failed,
    message: `Another apkg process is holding the lock ${path}`,
    suggestions: ['wait for it to finish, then try again'],
  }),
} as const satisfies FailureRows
