import {defineFailures, exitCodes, type Failure, type FailureRows} from '@apkg/command-kit'

function listed(items: string[]): string {
  return items.map((each) => `  - ${each}`).join('\n')
}

/** Failures of packing and publishing. */
export const failures = {
  PACKAGE_NOT_PACKABLE: ({problems, suggestions}: {problems: string[]; suggestions?: string[]}): Failure => ({
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
  PUBLISH_MISMATCH: ({registry, differences}: {registry: string; differences: string[]}): Failure => ({
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
} as const satisfies FailureRows

export const failure = defineFailures(failures)
