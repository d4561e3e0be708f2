import {defineFailures, exitCodes, type Failure, type FailureRows} from '@apkg/command-kit'

/** Failures of looking up and caching packages. */
export const failures = {
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
      ? [
          'check the name',
          `if the package is private, run \`apkg login --registry ${registry}\`, or set APKG_TOKEN to an API token`,
        ]
      : ['check the name, and that your credential may read the package: run `apkg whoami`'],
  }),
  SPEC_INVALID: ({spec, reason}: {spec: string; reason: string}): Failure => ({
    exit: exitCodes.usage,
    message: `\`${spec}\` names no package: ${reason}`,
    suggestions: ['give @scope/name, @scope/name@range or @scope/name@tag'],
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
} as const satisfies FailureRows

export const failure = defineFailures(failures)
