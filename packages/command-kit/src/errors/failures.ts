import {exitCodes} from './exit-codes.js'
import {nearestPresent, shellPath} from './shell-path.js'

export interface Failure {
  exit: number
  message: string
  /** Commands and steps that mend it, most likely first. */
  suggestions?: string[]
  /** What was typed where one of some words was expected: the nearest of them is suggested. */
  mistyped?: Mistyped | undefined
}

export interface Mistyped {
  word: string
  known: readonly string[]
}

/** The command that logs in to a registry, as a user would type it. */
function login(registry: string): string {
  return `run \`apkg login --registry ${registry}\``
}

function listed(items: string[]): string {
  return items.map((each) => `  - ${each}`).join('\n')
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

/** What is wrong with a package that a registry handed out. */
interface PackageTrouble {
  name: string
  version: string
  registry: string
  reason: string
}

/** A version whose signature is not as it should be. */
interface SignatureTrouble {
  /** `@scope/name@version`. */
  version: string
  /** Of the key that signed it, or should have. */
  keyId: string
}

const doNotUse = 'do not use this version; tell its publisher and the operator of the registry'

/** Where another signer of a version is known from. */
const knownSigner = {
  locked: 'the lockfile has it signed by',
  before: 'what was installed before was signed by',
  attested: 'it was published signed by',
}

type KnownSigner = keyof typeof knownSigner

/** A version never changes, so for one that is locked nobody can agree to another signer in passing. */
function signerMending(known: KnownSigner, flag: string): string[] {
  const isRight = 'if its publisher says that this is right'
  if (known === 'before') return [`${isRight}, add \`${flag}\``]
  return known === 'locked' ? [`${isRight}, take its entry out of apkg-lock.json and run \`apkg install\``] : []
}

function nameOf(version: string): string {
  return version.slice(0, version.lastIndexOf('@'))
}

/** Every failure a user can meet, with its exit code and its way out. Codes are never reused. */
export const failures = {
  USAGE: ({
    message,
    suggestions = [],
    mistyped,
  }: {
    message: string
    suggestions?: string[]
    mistyped?: Mistyped | undefined
  }): Failure => ({exit: exitCodes.usage, message, suggestions, mistyped}),
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
    suggestions: ['name another registry with --registry', 'run `apkg config list` to see which one is used'],
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

  MANIFEST_NOT_FOUND: ({folder}: {folder: string}): Failure => ({
    exit: exitCodes.failed,
    message: `Manifest not found: there is no apkg.json in ${folder}`,
    suggestions: ['run `apkg init` to create one'],
  }),
  MANIFEST_INVALID: ({path, reason}: {path: string; reason: string}): Failure => ({
    exit: exitCodes.failed,
    message: `Manifest error: ${path}: ${reason}`,
  }),

  PACKAGE_UNPACKABLE: ({problems, suggestions}: {problems: string[]; suggestions?: string[]}): Failure => ({
    exit: exitCodes.failed,
    message: `The package cannot be packed:\n${listed(problems)}`,
    suggestions: suggestions ?? ['remove what is named, or list it in .apkgignore'],
  }),
  SECRET_IN_PACKAGE: ({secrets}: {secrets: string[]}): Failure => ({
    exit: exitCodes.refused,
    message: `The package holds secrets, so it is neither packed nor sent:\n${listed(secrets)}`,
    suggestions: [
      'remove them, or list the files in .apkgignore',
      'revoke a token that others may have seen: `apkg token list`, `apkg token revoke <id>`',
    ],
  }),
  PROJECT_UNPUBLISHABLE: ({types}: {types: string[]}): Failure => ({
    exit: exitCodes.failed,
    message: `Cannot publish a project. Only ${types.slice(0, -1).join(', ')} and ${types.at(-1) ?? ''} packages can be published`,
    suggestions: ['give `type` in apkg.json another value if this is a package'],
  }),
  MANIFEST_UNPUBLISHABLE: ({problems}: {problems: string[]}): Failure => ({
    exit: exitCodes.failed,
    message: `A package with this apkg.json cannot be published:\n${listed(problems)}`,
    suggestions: ['change apkg.json, and run `apkg publish --dry-run` to check it'],
  }),
  README_UNUSABLE: ({file, reason}: {file: string; reason: string}): Failure => ({
    exit: exitCodes.failed,
    message: `Readme file '${file}' ${reason}`,
    suggestions: ['change `readme` in apkg.json, or take it out'],
  }),
  DIST_TAG_REQUIRED: ({version}: {version: string}): Failure => ({
    exit: exitCodes.usage,
    message: `${version} is a prerelease, which \`latest\` should not lead to by accident; it needs a dist-tag of its own`,
    suggestions: ['run `apkg publish --tag next`'],
  }),
  PUBLISHED_OTHERWISE: ({registry, differences}: {registry: string; differences: string[]}): Failure => ({
    exit: exitCodes.failed,
    message: `${registry} did not publish what was sent: ${differences.join('; ')}`,
    suggestions: ['tell the operator of the registry, and do not install this version'],
  }),
  PUBLICATION_UNCERTAIN: ({
    version,
    isAbsent,
    check,
    exit,
    reason,
  }: {
    version: string
    isAbsent: boolean
    check: string
    exit: number
    reason: string
  }): Failure => ({
    exit,
    message: `${reason}. ${isAbsent ? `The registry does not have ${version} up to now` : `Whether ${version} was published is not known`}`,
    suggestions: [`run \`${check}\` to see`, 'publish again: what the registry has already is left as it is'],
  }),
  FILE_EXISTS: ({file, overwrite}: {file: string; overwrite: string}): Failure => ({
    exit: exitCodes.failed,
    message: `File already exists: ${file}`,
    suggestions: [`run \`${overwrite}\` to overwrite it`],
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

  KEY_PASSPHRASE_BLANK: ({variable}: {variable: string}): Failure => ({
    exit: exitCodes.usage,
    message: `${variable} is set but blank`,
    suggestions: [`set ${variable} to the passphrase of your signing key, or unset it`],
  }),
  KEY_PASSPHRASE_WRONG: ({keyId}: {keyId: string}): Failure => ({
    exit: exitCodes.credential,
    message: `The passphrase does not open the signing key ${keyId}`,
    suggestions: ['give the one that the key was made with, in APKG_KEY_PASSPHRASE or at the prompt'],
  }),
  KEY_NAME_INVALID: ({reason}: {reason: string}): Failure => ({
    exit: exitCodes.usage,
    message: `The name of a signing key ${reason}`,
  }),
  KEY_ABSENT: (): Failure => ({
    exit: exitCodes.failed,
    message: 'There is no signing key on this machine',
    suggestions: ['run `apkg key generate --name <name>`'],
  }),
  KEY_NOT_FOUND: ({given, place, list}: {given: string; place: string; list: string}): Failure => ({
    exit: exitCodes.failed,
    message: `No signing key ${place} has the id or name \`${given}\``,
    suggestions: [`run \`${list}\``],
  }),
  KEY_AMBIGUOUS: ({given, candidates}: {given: string; candidates: string[]}): Failure => ({
    exit: exitCodes.failed,
    message: `\`${given}\` stands for more than one signing key:\n${candidates.map((each) => `  ${each}`).join('\n')}`,
    suggestions: ['give a whole id'],
  }),
  KEY_UNREGISTERED: ({registry, keyId}: {registry: string; keyId: string | undefined}): Failure => ({
    exit: exitCodes.failed,
    message: `There is no key to sign with: ${keyId === undefined ? 'none of this machine is' : `${keyId} is not`} an active one of yours at ${registry}`,
    suggestions: [
      `run \`apkg key register${keyId === undefined ? '' : ` --key-id ${keyId}`} --registry ${registry}\``,
      'to publish unsigned, add `--no-sign`',
    ],
  }),
  KEY_NOT_ACTIVE: ({
    registry,
    keyId,
    status,
  }: {
    registry: string
    keyId: string
    /** Undefined where the registry does not know the key. */
    status: string | undefined
  }): Failure => ({
    exit: exitCodes.failed,
    message: `The signing key ${keyId} is ${status ?? 'not one of yours'} at ${registry}`,
    suggestions: [
      status === undefined
        ? `run \`apkg key register --key-id ${keyId} --registry ${registry}\``
        : 'run `apkg key generate --name <name>`, and `apkg key register` for the key that it makes',
    ],
  }),
  KEY_MISMATCH: ({registry, keyId, answered}: {registry: string; keyId: string; answered: string}): Failure => ({
    exit: exitCodes.failed,
    message: `${registry} was sent the signing key ${keyId} and answers for ${answered}`,
    suggestions: ['do not sign for this registry before you know why: ask whoever runs it'],
  }),
  ROTATION_UNCERTAIN: ({
    keyId,
    file,
    list,
    exit,
    reason,
  }: {
    keyId: string
    file: string
    list: string
    exit: number
    reason: string
  }): Failure => ({
    exit,
    message: `${reason}. Whether the key was rotated to ${keyId} is not known; that one is kept in ${file}`,
    suggestions: [`run \`${list}\`: where it lists ${keyId}, the rotation is done, else rotate again`],
  }),

  FOLDER_FOREIGN: ({path, what}: {path: string; what: string}): Failure => ({
    exit: exitCodes.failed,
    message: `${path} is ${what}, and apkg installs only into folders of its own`,
    suggestions: [`move it away: \`mv ${shellPath(path)} ${shellPath(`${path}.moved`)}\``],
  }),
  FILE_FOREIGN: ({path}: {path: string}): Failure => ({
    exit: exitCodes.failed,
    message: `${path} is there, and not made by apkg: it was left as it is`,
    suggestions: [`move it away: \`mv ${shellPath(path)} ${shellPath(`${path}.moved`)}\``],
  }),
  LINK_TARGET_ABSENT: ({message}: {message: string}): Failure => ({
    exit: exitCodes.failed,
    message,
    suggestions: ['run `apkg link` in the folder of the package, or give the path of that folder'],
  }),
  LINK_UNREGISTERED: ({name}: {name: string}): Failure => ({
    exit: exitCodes.failed,
    message: `${name} is not registered globally`,
    suggestions: ['run `apkg link` in the folder of the package first, or give the path of that folder'],
  }),
  LINK_TO_ITSELF: ({path}: {path: string}): Failure => ({
    exit: exitCodes.failed,
    message: `${path} is this project, or a package installed in it, and cannot be linked into it`,
    suggestions: ['give the folder in which the package is worked on'],
  }),
  LINK_ABSENT: ({name}: {name: string}): Failure => ({
    exit: exitCodes.failed,
    message: `${name} is not a linked package`,
    suggestions: ['see what is linked: `apkg list`'],
  }),
  LOCKFILE_NOT_FOUND: ({folder}: {folder: string}): Failure => ({
    exit: exitCodes.failed,
    message: `There is no apkg-lock.json in ${folder}`,
    suggestions: ['run `apkg install` and commit apkg-lock.json'],
  }),
  PACKAGE_UNLOCKED: ({name}: {name: string}): Failure => ({
    exit: exitCodes.failed,
    message: `Package "${name}" not found in lockfile`,
    suggestions: ['run `apkg list` for the packages of this project'],
  }),
  DEPENDENCY_UNKNOWN: ({name}: {name: string}): Failure => ({
    exit: exitCodes.failed,
    message: `Package "${name}" is not in dependencies`,
    suggestions: ['see `dependencies` in apkg.json'],
  }),
  ARCHIVE_REFUSED: ({name, version, registry, reason}: PackageTrouble): Failure => ({
    exit: exitCodes.failed,
    message: `${name}@${version} from ${registry} cannot be unpacked: ${reason}. Nothing was installed`,
    suggestions: [
      `ask for another version: \`apkg info ${name} --registry ${registry}\` lists them`,
      'tell its publisher',
    ],
  }),
  PACKAGE_MISMATCH: ({name, version, registry, reason}: PackageTrouble): Failure => ({
    exit: exitCodes.failed,
    message: `${name}@${version} from ${registry} is not the package that was asked for: ${reason}. Nothing was installed`,
    suggestions: [`tell those who run ${registry}`],
  }),

  CACHE_FOLDER_INVALID: ({folder}: {folder: string}): Failure => ({
    exit: exitCodes.usage,
    message: `APKG_CACHE_DIR is \`${folder}\`, which is no absolute path`,
    suggestions: ['set APKG_CACHE_DIR to the absolute path of a folder, or unset it'],
  }),
  CACHE_CORRUPT: ({name, version}: {name: string; version: string}): Failure => ({
    exit: exitCodes.failed,
    message: `${name}@${version} in the cache was not what was downloaded, and is removed`,
    suggestions: ['try again: it is downloaded anew', 'run `apkg cache verify` to check the others'],
  }),
  INTEGRITY_MISMATCH: ({
    name,
    version,
    registry,
    expected,
    actual,
  }: {
    name: string
    version: string
    registry: string
    expected: string
    actual: string
  }): Failure => ({
    exit: exitCodes.failed,
    message: `${name}@${version} from ${registry} is not what it should be: its integrity is ${actual} and not ${expected}. Nothing was installed`,
    suggestions: ['do not use it before you know why: ask whoever published it or runs the registry'],
  }),
  SCOPE_INVALID: ({scope}: {scope: string}): Failure => ({
    exit: exitCodes.usage,
    message: `\`${scope}\` is no scope`,
    suggestions: ['give a scope such as @acme'],
  }),
  SCOPE_PINNED: ({scope, pinned, registry}: {scope: string; pinned: string; registry: string}): Failure => ({
    exit: exitCodes.refused,
    message: `Packages of ${scope} are pinned to ${pinned}, and this is ${registry}`,
    suggestions: [
      `add \`--registry ${pinned}\``,
      `if you no longer trust that pin, run \`apkg trust remove ${scope}\``,
    ],
  }),
  SIGNATURE_INVALID: ({version, keyId, by}: SignatureTrouble & {by: 'author' | 'registry'}): Failure => ({
    exit: exitCodes.failed,
    message: `The signature of ${version} by the ${by}'s key ${keyId} does not hold`,
    suggestions: [doNotUse],
  }),
  SIGNATURE_SWAPPED: ({version, keyId, signed}: SignatureTrouble & {signed: string}): Failure => ({
    exit: exitCodes.failed,
    message: `${version} is not what was signed: the key ${keyId} has signed other content (${signed})`,
    suggestions: [doNotUse],
  }),
  SIGNATURE_REPLAYED: ({
    version,
    keyId,
    signed,
    registry,
  }: SignatureTrouble &
    ({signed: string; registry?: undefined} | {signed?: undefined; registry: string})): Failure => ({
    exit: exitCodes.failed,
    message: `The signature of ${version} was made for something else: the key ${keyId} has signed ${signed ?? `it for ${registry}`}`,
    suggestions:
      registry === undefined
        ? [doNotUse]
        : [
            `if this registry was at ${registry} before, its operator can serve it as that again, or its publisher sign a next version for its new address`,
            `otherwise, ${doNotUse}`,
          ],
  }),
  SIGNATURE_UNATTESTED: ({version, keyId}: SignatureTrouble): Failure => ({
    exit: exitCodes.failed,
    message: `${version} is signed by ${keyId}, and the registry does not attest that it was published so`,
    suggestions: [doNotUse],
  }),
  SIGNATURE_DOWNGRADED: ({version, keyId, known}: SignatureTrouble & {known: KnownSigner}): Failure => ({
    exit: exitCodes.refused,
    message: `${version} is not signed, but ${knownSigner[known]} ${keyId}`,
    suggestions: [doNotUse, ...signerMending(known, `--accept-unsigned ${nameOf(version)}`)],
  }),
  SIGNATURE_REQUIRED: ({versions, isFrozen}: {versions: readonly string[]; isFrozen: boolean}): Failure => ({
    exit: exitCodes.refused,
    message: `Signatures are required, and ${isFrozen ? 'apkg-lock.json has no signer of these' : 'these are not signed by their authors'}:\n${listed([...versions])}`,
    suggestions: [
      ...(isFrozen ? ['to verify them and lock their signers, run `apkg install`'] : []),
      'to only be told of them, run `apkg trust set signatures warn`',
    ],
  }),
  SIGNER_CHANGED: ({
    version,
    keyId,
    before,
    known,
  }: SignatureTrouble & {before: string; known: KnownSigner}): Failure => ({
    exit: exitCodes.refused,
    message: `${version} is signed by ${keyId}, but ${knownSigner[known]} ${before}`,
    suggestions: [...(known === 'locked' ? [doNotUse] : []), ...signerMending(known, `--accept-signer ${keyId}`)],
  }),
  SIGNER_REVOKED: ({version, keyId, at}: SignatureTrouble & {at: string}): Failure => ({
    exit: exitCodes.failed,
    message: `${version} is signed by ${keyId}, which was revoked before it was published (${at})`,
    suggestions: [doNotUse],
  }),
  SIGNER_RETIRED: ({version, keyId, at}: SignatureTrouble & {at: string}): Failure => ({
    exit: exitCodes.failed,
    message: `${version} is signed by ${keyId}, which another key had replaced before it was published (${at})`,
    suggestions: [doNotUse],
  }),
  REGISTRY_KEY_UNKNOWN: ({version, keyId, registry}: SignatureTrouble & {registry: string}): Failure => ({
    exit: exitCodes.failed,
    message: `${version} is attested by ${keyId}, which is no key that ${registry} is known by`,
    suggestions: [`see the keys with \`apkg trust keys --registry ${registry}\``],
  }),
  REGISTRY_KEY_REVOKED: ({version, keyId, registry}: SignatureTrouble & {registry: string}): Failure => ({
    exit: exitCodes.failed,
    message: `${version} is attested by ${keyId}, which ${registry} has revoked as compromised`,
    suggestions: [doNotUse],
  }),
  REGISTRY_KEY_RETIRED: ({version, keyId, at}: SignatureTrouble & {at: string}): Failure => ({
    exit: exitCodes.failed,
    message: `${version} is attested by ${keyId}, which had ended before it was published (${at})`,
    suggestions: [doNotUse],
  }),
  REGISTRY_KEY_CHANGED: ({registry, reason}: {registry: string; reason: string}): Failure => ({
    exit: exitCodes.failed,
    message: `${registry} does not show the key that it is known by: ${reason}`,
    suggestions: [
      'ask its operator, another way, for the id of the key',
      `if the change is right, run \`apkg trust keys --forget --registry ${registry}\``,
    ],
  }),
  SCOPE_UNPINNED: ({scope}: {scope: string}): Failure => ({
    exit: exitCodes.failed,
    message: `${scope} is not pinned to a registry`,
    suggestions: ['run `apkg trust list`'],
  }),

  PACKAGE_NOT_FOUND: ({
    name,
    registry,
    reason,
    isAnonymous,
  }: {
    /** With its version, where that is what is not there. */
    name: string
    registry: string
    reason: string
    isAnonymous?: boolean
  }): Failure => ({
    exit: exitCodes.failed,
    message: `Package not found: ${name} at ${registry}: ${reason}`,
    suggestions: isAnonymous
      ? ['check the name', `if the package is private, ${login(registry)}, or set APKG_TOKEN to an API token`]
      : ['check the name, and that your credential may read the package: run `apkg whoami`'],
  }),
  SPEC_INVALID: ({spec, reason}: {spec: string; reason: string}): Failure => ({
    exit: exitCodes.usage,
    message: `\`${spec}\` names no package: ${reason}`,
    suggestions: ['give @scope/name, @scope/name@range or @scope/name@tag'],
  }),
  RANGE_INVALID: ({name, range}: {name: string; range: string}): Failure => ({
    exit: exitCodes.failed,
    message: `apkg.json needs ${name} in \`${range}\`, which is no range of versions`,
    suggestions: ['write a range such as ^1.2.0, ~1.2.0, 1.2.3 or >=1.0.0 <3.0.0', `run \`apkg add ${name}\``],
  }),
  TAG_NOT_FOUND: ({name, tag}: {name: string; tag: string}): Failure => ({
    exit: exitCodes.failed,
    message: `${name} has no tag \`${tag}\` on a version that can be installed`,
    suggestions: [`run \`apkg dist-tag ls ${name}\``],
  }),
  VERSION_NOT_FOUND: ({name, reason}: {name: string; reason: string}): Failure => ({
    exit: exitCodes.failed,
    message: `No version of ${name} can be installed: ${reason}`,
    suggestions: [`run \`apkg info ${name}\` for its versions`],
  }),
  VERSION_WITHDRAWN: ({version, registry, reason}: {version: string; registry: string; reason: string}): Failure => ({
    exit: exitCodes.failed,
    message: `${version} cannot be had from ${registry} any more: ${reason}`,
    suggestions: ['have another version chosen: `apkg update`, and commit apkg-lock.json'],
  }),
  DEPENDENCY_NOT_FOUND: ({name, need}: {name: string; need: string}): Failure => ({
    exit: exitCodes.failed,
    message: `Package not found: ${name}, though ${need}`,
    suggestions: ['check the name, and that your credential may read the package: run `apkg whoami`'],
  }),
  DEPENDENCY_CONFLICT: ({
    name,
    needs,
    alternatives,
    ranges,
    wished,
  }: {
    name: string
    /** A sentence each. */
    needs: readonly string[]
    /** Packages of which no other version helps. */
    alternatives: readonly string[]
    /** Packages of apkg.json that lead to it. */
    ranges: readonly string[]
    /** Packages that lead to it and were asked for in this run. */
    wished: readonly string[]
  }): Failure => ({
    exit: exitCodes.failed,
    message: [
      `Dependency conflict: no version of ${name} fits all that need it`,
      ...needs.map((need) => `  ${need}`),
      ...(alternatives.length > 0 ? [`  Other versions of ${alternatives.join(', ')} do not help`] : []),
    ].join('\n'),
    suggestions: [
      ...wished.map((each) => `ask for a version that fits: \`apkg add ${each}@<range>\``),
      ...(ranges.length > 0 ? [`change the range of ${ranges.join(' or ')} in apkg.json`] : []),
    ],
  }),
  RESOLUTION_ABANDONED: (): Failure => ({
    exit: exitCodes.failed,
    message: 'The dependencies are too many or too entangled: the search for versions that fit together was given up',
    suggestions: ['narrow the ranges in apkg.json, to exact versions where need be'],
  }),

  LOCKFILE_DAMAGED: ({path, reason}: {path: string; reason: string}): Failure => ({
    exit: exitCodes.failed,
    message: `${path} is damaged: ${reason}. It was left as it is`,
    suggestions: [
      'restore the committed one: `git checkout HEAD -- apkg-lock.json`',
      'or make it anew: `rm apkg-lock.json && apkg install`',
    ],
  }),
  LOCKFILE_VERSION: ({path, version}: {path: string; version: string}): Failure => ({
    exit: exitCodes.failed,
    message: `${path} has lockfileVersion ${version}, and this apkg knows 1`,
    suggestions: ['use the version of apkg that wrote it'],
  }),
  LOCKFILE_CONFLICTED: ({path}: {path: string}): Failure => ({
    exit: exitCodes.failed,
    message: `${path} holds the conflict markers of a merge`,
    suggestions: [
      'take one side and have the rest resolved: `git checkout --theirs apkg-lock.json && apkg install`',
      'or make it anew: `rm apkg-lock.json && apkg install`',
    ],
  }),
  LOCKFILE_STALE: ({problems}: {problems: readonly string[]}): Failure => ({
    exit: exitCodes.failed,
    message: [
      'Lockfile is out of date: apkg-lock.json does not match apkg.json',
      ...problems.map((problem) => `  ${problem}`),
    ].join('\n'),
    suggestions: ['run `apkg install` and commit apkg-lock.json'],
  }),
  LOCKFILE_OTHER_REGISTRY: ({locked, registry}: {locked: string; registry: string}): Failure => ({
    exit: exitCodes.refused,
    message: `apkg-lock.json was made with ${locked}, and the registry of this run is ${registry}`,
    suggestions: [
      `if you trust ${locked}: give it with --registry`,
      'to change over to the other registry: `rm apkg-lock.json && apkg install`',
    ],
  }),
} as const satisfies Record<string, (facts: never) => Failure>

export type FailureCode = keyof typeof failures
