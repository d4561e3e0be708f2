import {defineFailures, exitCodes, type Failure, type FailureRows} from '@apkg/command-kit'

/** Failures of looking up and caching packages. */
export const failures = {
  CACHE_FOLDER_INVALID: ({folder}: {folder: string}): Failure => ({
    exit: exitCodes.usage,
    message: `APKG_CACHE_DIR is not an absolute path: \`${folder}\``,
    suggestions: ['set APKG_CACHE_DIR to an absolute path, or unset it to use ~/.apkg/cache'],
  }),
  CACHE_CORRUPT: ({name, version}: {name: string; version: string}): Failure => ({
    exit: exitCodes.failed,
    message: `The cached copy of ${name}@${version} was corrupt and has been removed`,
    suggestions: [
      'run the command again to download a new copy',
      'run `apkg cache verify` to check the other packages',
    ],
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
    message: `Integrity mismatch for ${name}@${version} from ${registry}: expected ${expected}, got ${actual}. Nothing was installed`,
    suggestions: ['do not use this version until its publisher or the registry operator has explained the difference'],
  }),
  PACKAGE_NOT_FOUND: ({
    name,
    registry,
    reason,
    isAnonymous,
    meant,
  }: {
    /** Includes the version if only that version is missing. */
    name: string
    registry: string
    reason: string
    isAnonymous?: boolean
    /** A package with a similar name. */
    meant?: string | undefined
  }): Failure => ({
    exit: exitCodes.failed,
    message: `Package not found: ${name} on ${registry}: ${reason}`,
    suggestions: [
      meant === undefined ? nameHint(name) : `did you mean \`${meant}\`?`,
      isAnonymous
        ? `if the package is private, run \`apkg login --registry ${registry}\` or set APKG_TOKEN to an API token`
        : `if it is private, ask its owner for access, or use another registry with --registry`,
    ],
  }),
  SPEC_INVALID: ({spec, reason}: {spec: string; reason: string}): Failure => ({
    exit: exitCodes.usage,
    message: `\`${spec}\` is not a valid package spec: ${reason}`,
    suggestions: ['use @scope/name, @scope/name@range or @scope/name@tag'],
  }),
  TAG_NOT_FOUND: ({name, tag}: {name: string; tag: string}): Failure => ({
    exit: exitCodes.failed,
    message: `No installable version of ${name} is tagged "${tag}"`,
    suggestions: [`run \`apkg dist-tag ls ${name}\` to list its dist-tags`],
  }),
  VERSION_NOT_FOUND: ({
    name,
    reason,
    ways = [],
  }: {
    name: string
    reason: string
    /** Hints that make the project installable again. */
    ways?: readonly string[]
  }): Failure => ({
    exit: exitCodes.failed,
    message: `No matching version found for ${name}: ${reason}`,
    suggestions: [...ways, `run \`apkg info ${name}\` to list its versions`],
  }),
} as const satisfies FailureRows

export const failure = defineFailures(failures)

/** Names without a scope are rare, so the scope is probably what is missing. */
function nameHint(name: string): string {
  return name.startsWith('@') ? 'check the name' : `check the name, which usually has a scope: @scope/${name}`
}
