import {defineFailures, exitCodes, type Failure, type FailureRows, moveCommand} from '@apkg/command-kit'

/** A bad version from a registry. */
interface BadPackage {
  name: string
  version: string
  registry: string
  reason: string
}

/** Failures of the project, its lockfile and its installation. */
export const failures = {
  MANIFEST_NOT_FOUND: ({folder}: {folder: string}): Failure => ({
    exit: exitCodes.failed,
    message: `Manifest not found: no apkg.json in ${folder}`,
    suggestions: ['run `apkg init` to create one'],
  }),
  MANIFEST_INVALID: ({path, reason}: {path: string; reason: string}): Failure => ({
    exit: exitCodes.failed,
    message: `Invalid manifest ${path}: ${reason}`,
    suggestions: ['fix apkg.json, then run the command again'],
  }),
  INSTALLATION_UNKNOWN: ({folder, isEmpty}: {folder: string; isEmpty: boolean}): Failure => ({
    exit: exitCodes.failed,
    message: isEmpty
      ? 'Nothing to set up: no package in apkg.json is installed'
      : `Cannot determine what apkg installed in ${folder}: it was installed by another user or with another ~/.apkg`,
    suggestions: ['run `apkg install`, which also sets up tools'],
  }),
  FOLDER_UNMANAGED: ({path, reason}: {path: string; reason: string}): Failure => ({
    exit: exitCodes.failed,
    message: `Refusing to use ${path}: ${reason}`,
    suggestions: [`move it out of the way: \`${moveCommand(path, `${path}.moved`)}\``],
  }),
  LINK_TARGET_NOT_FOUND: ({message}: {message: string}): Failure => ({
    exit: exitCodes.failed,
    message,
    suggestions: ['run `apkg link` in the package directory, or pass its path'],
  }),
  LINK_UNREGISTERED: ({name}: {name: string}): Failure => ({
    exit: exitCodes.failed,
    message: `${name} is not registered globally`,
    suggestions: ['run `apkg link` in the package directory first, or pass its path'],
  }),
  LINK_TO_ITSELF: ({path}: {path: string}): Failure => ({
    exit: exitCodes.failed,
    message: `Cannot link ${path}: it is this project, or a package installed in it`,
    suggestions: ['pass the directory where you develop the package'],
  }),
  LINK_NOT_FOUND: ({name}: {name: string}): Failure => ({
    exit: exitCodes.failed,
    message: `${name} is not a linked package`,
    suggestions: ['run `apkg list` to see linked packages'],
  }),
  LOCKFILE_NOT_FOUND: ({folder}: {folder: string}): Failure => ({
    exit: exitCodes.failed,
    message: `Lockfile not found: no apkg-lock.json in ${folder}`,
    suggestions: ['run `apkg install` and commit apkg-lock.json'],
  }),
  PACKAGE_UNLOCKED: ({name, known}: {name: string; known: readonly string[]}): Failure => ({
    exit: exitCodes.failed,
    mistyped: {word: name, known},
    message: `Package "${name}" not found in lockfile`,
    suggestions: ['run `apkg list` to see the packages of this project'],
  }),
  NOT_A_DEPENDENCY: ({name, known}: {name: string; known: readonly string[]}): Failure => ({
    exit: exitCodes.failed,
    mistyped: {word: name, known},
    message: `Package "${name}" is not in dependencies`,
    suggestions: ['run `apkg list --depth 0` to see the dependencies in apkg.json'],
  }),
  ARCHIVE_REFUSED: ({name, version, registry, reason}: BadPackage): Failure => ({
    exit: exitCodes.failed,
    message: `Cannot unpack ${name}@${version} from ${registry}: ${reason}`,
    suggestions: [
      `choose another version: \`apkg info ${name} --registry ${registry}\` lists them`,
      'report it to the publisher',
    ],
  }),
  PACKAGE_MISMATCH: ({name, version, registry, reason}: BadPackage): Failure => ({
    exit: exitCodes.failed,
    message: `${name}@${version} from ${registry} does not match its metadata: ${reason}`,
    suggestions: ['report it to the registry operator'],
  }),
  RANGE_INVALID: ({name, range}: {name: string; range: string}): Failure => ({
    exit: exitCodes.failed,
    message: `Invalid version range for ${name} in apkg.json: \`${range}\``,
    suggestions: [
      'use a range such as ^1.2.0, ~1.2.0, 1.2.3 or >=1.0.0 <3.0.0',
      `or set it to a range for the newest version: \`apkg add ${name}\``,
    ],
  }),
  VERSION_TAKEN_DOWN: ({
    version,
    registry,
    reason,
    ways,
  }: {
    version: string
    registry: string
    reason: string
    /** Hints that lead away from this version, if they are known. */
    ways?: readonly string[]
  }): Failure => ({
    exit: exitCodes.refused,
    message: `${version} is no longer available from ${registry}: ${reason}`,
    suggestions: ways?.length
      ? [...ways]
      : ['run `apkg update` to change to another version', 'or run `apkg remove` for the package that needs it'],
  }),
  LOCKED_INTEGRITY_MISMATCH: ({
    version,
    registry,
    locked,
    listed,
  }: {
    version: string
    registry: string
    locked: string
    listed: string
  }): Failure => ({
    exit: exitCodes.failed,
    message: `${version} is locked with ${locked}, but ${registry} lists ${listed}`,
    suggestions: [
      'compare apkg-lock.json with an earlier revision',
      'remove the entry from apkg-lock.json and run `apkg install` to install what the registry lists',
    ],
  }),
  TAKEDOWNS_UNCHECKED: ({
    purpose,
    registry,
    reason,
    retry,
  }: {
    /** What the user asked for: `install packages`. */
    purpose: string
    registry: string
    reason: string
    /** A step after which the check may work, if there is one. */
    retry?: string
  }): Failure => ({
    exit: exitCodes.refused,
    message: `Cannot ${purpose} without a check for takedowns on ${registry}, which your policy requires: ${reason}`,
    suggestions: [
      ...(retry === undefined ? [] : [retry]),
      'to install even if this check fails, run `apkg trust set takedowns check`',
    ],
  }),
  DEPENDENCY_NOT_FOUND: ({
    name,
    requirement,
    hints = ['check the name'],
  }: {
    name: string
    requirement: string
    /** The hints of the failed request, which depend on the credential. */
    hints?: readonly string[]
  }): Failure => ({
    exit: exitCodes.failed,
    message: `Package not found: ${name}\n  ${requirement}`,
    suggestions: [...hints],
  }),
  DEPENDENCY_CONFLICT: ({
    name,
    requirements,
    alternatives,
    ranges,
    requested,
  }: {
    name: string
    /** One sentence each. */
    requirements: readonly string[]
    /** Packages whose other versions do not help. */
    alternatives: readonly string[]
    /** Packages in apkg.json that lead to the conflict. */
    ranges: readonly string[]
    /** Packages given on the command line that lead to the conflict. */
    requested: readonly string[]
  }): Failure => ({
    exit: exitCodes.failed,
    message: [
      `Dependency conflict: no version of ${name} satisfies all requirements`,
      ...requirements.map((requirement) => `  ${requirement}`),
      ...(alternatives.length > 0 ? [`  No other version of ${alternatives.join(' or ')} resolves the conflict`] : []),
    ].join('\n'),
    suggestions: [
      ...requested.map((each) => `request a compatible version of ${each}`),
      ...(ranges.length > 0 ? [`change the range of ${ranges.join(' or ')} in apkg.json`] : []),
      ...(requested.length + ranges.length === 0 ? [`run \`apkg info ${name}\` to see its versions`] : []),
    ],
  }),
  RESOLUTION_ABANDONED: (): Failure => ({
    exit: exitCodes.failed,
    message: 'Dependency resolution gave up: the dependency graph is too large or too complex',
    suggestions: ['narrow the ranges in apkg.json, or pin exact versions'],
  }),
  LOCKFILE_DAMAGED: ({path, reason}: {path: string; reason: string}): Failure => ({
    exit: exitCodes.failed,
    message: `${path} is damaged: ${reason}`,
    suggestions: [
      'restore the committed version: `git checkout HEAD -- apkg-lock.json`',
      'or regenerate it: `rm apkg-lock.json && apkg install`',
    ],
  }),
  LOCKFILE_VERSION: ({path, version}: {path: string; version: string}): Failure => ({
    exit: exitCodes.failed,
    message: `${path} has lockfileVersion ${version}, but this version of apkg only supports 1`,
    suggestions: ['check for a newer apkg: `apkg check-update`'],
  }),
  LOCKFILE_CONFLICTED: ({path}: {path: string}): Failure => ({
    exit: exitCodes.failed,
    message: `${path} contains merge conflict markers`,
    suggestions: [
      'take their version and update it to match apkg.json: `git checkout --theirs apkg-lock.json && apkg install`',
      'or regenerate it: `rm apkg-lock.json && apkg install`',
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
  LOCKFILE_OTHER_REGISTRY: ({
    locked,
    registry,
    scope,
  }: {
    locked: string
    registry: string
    /** The scope of the packages that differ, if one of the two registries is that of a route. */
    scope: string | undefined
  }): Failure => ({
    exit: exitCodes.refused,
    message:
      scope === undefined
        ? `apkg-lock.json was created for ${locked}, but the current registry is ${registry}`
        : `apkg-lock.json has packages of ${scope} from ${locked}, but they now come from ${registry}`,
    suggestions: [
      scope === undefined
        ? `if you trust ${locked}, set APKG_REGISTRY=${locked}, or pass \`--registry ${locked}\``
        : `if you trust ${locked}, run \`apkg trust add ${scope} ${locked}\``,
      `to move the project to ${registry} instead, delete apkg-lock.json and run \`apkg install\``,
    ],
  }),
} as const satisfies FailureRows

export const failure = defineFailures(failures)
