import {defineFailures, exitCodes, printable, type Failure, type FailureRows} from '@apkg/command-kit'

function bulleted(items: string[]): string {
  return items.map((each) => `  - ${each}`).join('\n')
}

/** Failures of packing and publishing. */
export const failures = {
  PACKAGE_NOT_PACKABLE: ({problems, suggestions}: {problems: string[]; suggestions?: string[]}): Failure => ({
    exit: exitCodes.failed,
    message: `The package cannot be packed:\n${bulleted(problems)}`,
    suggestions: suggestions ?? ['remove or rename these files, or list them in .apkgignore'],
  }),
  DEFINITION_MISSING: ({reason}: {reason: string}): Failure => ({
    exit: exitCodes.failed,
    message: `The package has no definition that a tool can read: ${reason}`,
    suggestions: [
      'add the file, or change `type` in apkg.json',
      'run `apkg pack --dry-run` to see which files are packed and which are skipped',
    ],
  }),
  DEFINITION_INVALID: ({path, line, reason}: {path: string; line: number | undefined; reason: string}): Failure => ({
    exit: exitCodes.failed,
    message: reason,
    suggestions: [`fix ${line === undefined ? path : `line ${line} of ${path}`}`],
  }),
  PACKAGE_INVALID: ({problems}: {problems: string[]}): Failure => ({
    exit: exitCodes.failed,
    message: `Tools cannot use the package:\n${bulleted(problems)}`,
    suggestions: ['fix these lines, then run `apkg lint`'],
  }),
  TEMPLATE_TEXT: ({problems}: {problems: string[]}): Failure => ({
    exit: exitCodes.failed,
    message: `The package is still the template that \`apkg init\` wrote:\n${bulleted(problems)}`,
    suggestions: ['replace these texts with your own, then run `apkg lint`'],
  }),
  INIT_NOTHING_FOUND: ({folder}: {folder: string}): Failure => ({
    exit: exitCodes.failed,
    message: `No skill, agent, command or rule was found in ${folder}`,
    suggestions: ['pass the directory with the SKILL.md', 'to start a new package, run `apkg init` without --from'],
  }),
  LINT_NOTHING: ({folder}: {folder: string}): Failure => ({
    exit: exitCodes.usage,
    message: `Nothing to check: no package, skill, agent, command or rule was found in ${folder}`,
    suggestions: ['pass a directory with an apkg.json, a SKILL.md, or an agents, commands or rules directory'],
  }),
  LINT_NOT_A_DIRECTORY: ({path}: {path: string}): Failure => ({
    exit: exitCodes.usage,
    message: `Not a directory: ${path}`,
    suggestions: ['pass the directory of a package or a skill'],
  }),
  KEY_UNREGISTERED: ({
    registry,
    keyId,
    hasLocalKeys = true,
  }: {
    registry: string
    keyId: string | undefined
    /** Whether this machine has any key. */
    hasLocalKeys?: boolean
  }): Failure => ({
    exit: exitCodes.failed,
    message: `Cannot sign: ${keyId === undefined ? 'no active key on this machine is' : `the key ${keyId} is not active, or not`} registered with ${registry}`,
    suggestions: [
      ...(hasLocalKeys ? [] : ['run `apkg key generate`']),
      `${hasLocalKeys ? '' : 'then '}run \`apkg key register${keyId === undefined ? '' : ` --key ${keyId}`} --registry ${registry}\``,
      'to publish unsigned, add `--no-sign`',
    ],
  }),
  SECRET_IN_PACKAGE: ({secrets}: {secrets: string[]}): Failure => ({
    exit: exitCodes.refused,
    message: `The package contains secrets, so it was not packed:\n${bulleted(secrets)}`,
    suggestions: [
      'remove the secrets, or list the files in .apkgignore',
      'if others may have seen a secret, revoke it. For apkg tokens: `apkg token list`, `apkg token revoke <id>`',
    ],
  }),
  PROJECT_UNPUBLISHABLE: ({types}: {types: string[]}): Failure => ({
    exit: exitCodes.failed,
    message: `Cannot publish a project. Only ${types.slice(0, -1).join(', ')} and ${types.at(-1) ?? ''} packages can be published`,
    suggestions: ['if this is a package, change `type` in apkg.json'],
  }),
  MANIFEST_UNPUBLISHABLE: ({problems}: {problems: string[]}): Failure => ({
    exit: exitCodes.failed,
    message: `apkg.json is not ready to publish:\n${bulleted(problems)}`,
    suggestions: ['fix apkg.json, then run `apkg publish --dry-run` to check it'],
  }),
  README_UNUSABLE: ({file, reason}: {file: string; reason: string}): Failure => ({
    exit: exitCodes.failed,
    message: `Readme file '${file}' ${reason}`,
    suggestions: ['change or remove `readme` in apkg.json'],
  }),
  JOB_CANNOT_SIGN: (): Failure => ({
    exit: exitCodes.usage,
    message: 'A trusted publisher cannot sign packages. The registry attests the CI job instead',
    suggestions: ['remove --sign and --key'],
  }),
  PROVENANCE_UNUSABLE: ({problem}: {problem: string}): Failure => ({
    exit: exitCodes.failed,
    message: `The provenance statement cannot be published: it ${problem}`,
    suggestions: ['create a statement about the tarball that `apkg pack` writes, and pass it to --provenance'],
  }),
  DIST_TAG_REQUIRED: ({version}: {version: string}): Failure => ({
    exit: exitCodes.usage,
    message: `A dist-tag is required to publish the prerelease ${version}`,
    suggestions: ['run `apkg publish --tag next`'],
  }),
  PUBLISH_MISMATCH: ({registry, differences}: {registry: string; differences: string[]}): Failure => ({
    exit: exitCodes.failed,
    message: `The version published to ${registry} does not match what was uploaded: ${differences.join('; ')}`,
    suggestions: ['do not install this version, and report it to the registry operator'],
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
    message: `${reason}. ${isAbsent ? `The registry does not have ${version} yet` : `${version} may have been published`}`,
    suggestions: [
      `run \`${check}\` to see whether it was published`,
      'run `apkg publish` again: it is safe to publish the same content twice',
    ],
  }),
  GIT_UNCLEAN: ({changes}: {changes: string[]}): Failure => ({
    exit: exitCodes.failed,
    message: `The git repository has uncommitted changes:\n${bulleted(changes.slice(0, 10).map(printable))}`,
    suggestions: ['commit or stash them', 'to only change apkg.json, add `--no-git`'],
  }),
  GIT_FAILED: ({reason}: {reason: string}): Failure => ({
    exit: exitCodes.failed,
    message: `git could not commit and tag the version: ${printable(reason)}`,
    suggestions: ['to only change apkg.json, add `--no-git`'],
  }),
  GIT_UNTAGGED: ({commit, tag, reason}: {commit: string; tag: string; reason: string}): Failure => ({
    exit: exitCodes.failed,
    message: `Set the version and committed it as ${commit}, but git could not tag it: ${printable(reason)}`,
    suggestions: [`to finish, run \`git tag --annotate ${tag} ${commit} --message ${tag}\``],
  }),
  FILE_EXISTS: ({file, overwrite}: {file: string; overwrite: string}): Failure => ({
    exit: exitCodes.failed,
    message: `File already exists: ${file}`,
    suggestions: [`run \`${overwrite}\` to overwrite it`],
  }),
} as const satisfies FailureRows

export const failure = defineFailures(failures)
