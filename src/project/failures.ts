import {defineFailures, exitCodes, type Failure, type FailureRows, shellPath} from '@apkg/command-kit'

/** What is wrong with a package that a registry handed out. */
interface PackageTrouble {
  name: string
  version: string
  registry: string
  reason: string
}

/** Failures of the project, its lockfile and its installation. */
export const failures = {
  MANIFEST_NOT_FOUND: ({folder}: {folder: string}): Failure => ({
    exit: exitCodes.failed,
    message: `Manifest not found: there is no apkg.json in ${folder}`,
    suggestions: ['run `apkg init` to create one'],
  }),
  MANIFEST_INVALID: ({path, reason}: {path: string; reason: string}): Failure => ({
    exit: exitCodes.failed,
    message: `Manifest error: ${path}: ${reason}`,
    suggestions: [`correct ${path}`],
  }),
  FOLDER_UNMANAGED: ({path, what}: {path: string; what: string}): Failure => ({
    exit: exitCodes.failed,
    message: `${path} is ${what}, and apkg installs only into folders of its own`,
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
  RANGE_INVALID: ({name, range}: {name: string; range: string}): Failure => ({
    exit: exitCodes.failed,
    message: `apkg.json needs ${name} in \`${range}\`, which is no range of versions`,
    suggestions: ['write a range such as ^1.2.0, ~1.2.0, 1.2.3 or >=1.0.0 <3.0.0', `run \`apkg add ${name}\``],
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
    requested,
  }: {
    name: string
    /** A sentence each. */
    needs: readonly string[]
    /** Packages of which no other version helps. */
    alternatives: readonly string[]
    /** Packages of apkg.json that lead to it. */
    ranges: readonly string[]
    /** Packages that lead to it and were asked for in this run. */
    requested: readonly string[]
  }): Failure => ({
    exit: exitCodes.failed,
    message: [
      `Dependency conflict: no version of ${name} fits all that need it`,
      ...needs.map((need) => `  ${need}`),
      ...(alternatives.length > 0 ? [`  Other versions of ${alternatives.join(', ')} do not help`] : []),
    ].join('\n'),
    suggestions: [
      ...requested.map((each) => `ask for a version that fits: \`apkg add ${each}@<range>\``),
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
} as const satisfies FailureRows

export const failure = defineFailures(failures)
