import {defineFailures, exitCodes, type Failure, type FailureRows} from '@apkg/command-kit'

/** What an operator of a registry can meet beyond the failures of every command. Codes are never reused. */
export const failures = {
  REGISTRY_DATA_UNUSABLE: ({reason}: {reason: string}): Failure => ({
    exit: exitCodes.failed,
    message: `Cannot use the data folder: ${reason}`,
    suggestions: ['name another folder with --data'],
  }),
  REGISTRY_DATA_BUSY: ({folder}: {folder: string}): Failure => ({
    exit: exitCodes.failed,
    message: `Another process has kept ${folder} locked for too long`,
    suggestions: ['try again later'],
  }),
  REGISTRY_DATA_NEWER: ({reason}: {reason: string}): Failure => ({
    exit: exitCodes.failed,
    message: `Cannot use the data folder: ${reason}`,
    suggestions: ['run `apkg plugins update`'],
  }),
  REGISTRY_DISK_FULL: ({folder}: {folder: string}): Failure => ({
    exit: exitCodes.failed,
    message: `There is no room left on the disk of ${folder}`,
    suggestions: ['make room there, and run the command again'],
  }),
  REGISTRY_ALREADY_SERVED: ({folder}: {folder: string}): Failure => ({
    exit: exitCodes.failed,
    message: `A registry is running on ${folder} already`,
    suggestions: ['stop that one first, or name another folder with --data'],
  }),
  REGISTRY_UNPROTECTED: ({host}: {host: string}): Failure => ({
    exit: exitCodes.usage,
    message: `Cannot serve on ${host}: without TLS, passwords and tokens would cross the network in the clear`,
    suggestions: [
      'give --tls-cert and --tls-key',
      'or put a proxy that speaks https before it and give its address with --public-url https://…',
    ],
  }),
  REGISTRY_NOT_LISTENING: ({host, port, reason}: {host: string; port: number; reason: string}): Failure => ({
    exit: exitCodes.failed,
    message: `Cannot listen on ${host}, port ${port}: ${reason}`,
    suggestions: ['give another port with --port, or 0 to have one picked'],
  }),
  REGISTRY_FILE_UNREADABLE: ({path, reason}: {path: string; reason: string}): Failure => ({
    exit: exitCodes.failed,
    message: `${path} cannot be read: ${reason}`,
    suggestions: ['name a file that the user of the registry may read'],
  }),
  REGISTRY_TLS_UNUSABLE: ({cert, key}: {cert: string; key: string}): Failure => ({
    exit: exitCodes.failed,
    message: `${cert} and ${key} are not a certificate and its key`,
    suggestions: ['give two PEM files that belong together; the key must have no passphrase'],
  }),
  REGISTRY_FOLDER_NOT_EMPTY: ({folder}: {folder: string}): Failure => ({
    exit: exitCodes.failed,
    message: `${folder} is not empty; nothing was written`,
    suggestions: ['name a folder that is empty or does not exist'],
  }),
  REGISTRY_TARBALL_LOST: ({version}: {version: string}): Failure => ({
    exit: exitCodes.failed,
    message: `The tarball of ${version} is missing or damaged. There is no backup without it`,
    suggestions: [
      'put it back from an earlier backup',
      `or run \`apkg registry takedown ${version} --reason 'lost'\` and make the backup again`,
    ],
  }),
  BACKUP_BUSY: (): Failure => ({
    exit: exitCodes.failed,
    message: 'Another backup is being made, or garbage is being collected, and it takes long',
    suggestions: ['try again later'],
  }),
  BACKUP_WITHIN_DATA: ({folder}: {folder: string}): Failure => ({
    exit: exitCodes.failed,
    message: `A backup within the data folder ${folder} would be lost with it`,
    suggestions: ['name a folder elsewhere, best on another disk'],
  }),
  BACKUP_DAMAGED: ({folder, problems}: {folder: string; problems: readonly string[]}): Failure => ({
    exit: exitCodes.failed,
    message: `${folder} cannot be restored: ${listed(problems)}`,
    suggestions: ['restore an earlier backup'],
  }),
  USER_UNKNOWN: ({name}: {name: string}): Failure => ({
    exit: exitCodes.failed,
    message: `There is no user \`${name}\``,
    suggestions: ['run `apkg registry user list`'],
  }),
  USER_NAME_TAKEN: ({name}: {name: string}): Failure => ({
    exit: exitCodes.refused,
    message: `The name \`${name}\` is taken, or was once. A name is never given twice`,
    suggestions: ['choose another name'],
  }),
  USER_HAS_MFA: ({name}: {name: string}): Failure => ({
    exit: exitCodes.refused,
    message: `\`${name}\` has MFA already`,
    suggestions: [`to replace the secret and the recovery codes, run \`apkg registry user mfa ${name} --reset\``],
  }),
  ORG_UNKNOWN: ({name}: {name: string}): Failure => ({
    exit: exitCodes.failed,
    message: `There is no organization \`${name}\``,
    suggestions: ['run `apkg registry org list`'],
  }),
  ORG_NAME_TAKEN: ({name}: {name: string}): Failure => ({
    exit: exitCodes.refused,
    message: `The name \`${name}\` is taken by a user or an organization, or was once. A name is never given twice`,
    suggestions: ['choose another name'],
  }),
  ORG_MEMBER_UNKNOWN: ({organization, user}: {organization: string; user: string}): Failure => ({
    exit: exitCodes.failed,
    message: `\`${user}\` is no member of \`${organization}\``,
    suggestions: [`run \`apkg registry org list ${organization}\``],
  }),
  PACKAGE_UNKNOWN: ({name}: {name: string}): Failure => ({
    exit: exitCodes.failed,
    message: `There is no package \`${name}\``,
    suggestions: ['run `apkg registry audit --action package.publish` for what was published'],
  }),
  VERSION_UNKNOWN: ({name, version}: {name: string; version: string}): Failure => ({
    exit: exitCodes.failed,
    message: `The package \`${name}\` has no version ${version}`,
    suggestions: [`run \`apkg registry audit --action package.publish --target ${name}\``],
  }),
  TOKEN_NOT_SUSPENDED: ({ids}: {ids: readonly string[]}): Failure => ({
    exit: exitCodes.failed,
    message: `No suspended token has the id ${ids.map((id) => `\`${id}\``).join(', ')}. Nothing was resumed`,
    suggestions: ['run `apkg registry token suspended`'],
  }),
  PASSWORD_UNFIT: ({reason}: {reason: string}): Failure => ({
    exit: exitCodes.usage,
    message: `The password ${reason}`,
    suggestions: ['choose another, and run the command again'],
  }),
  PASSWORDS_DIFFER: (): Failure => ({
    exit: exitCodes.usage,
    message: 'The two passwords are not the same. Nothing was changed',
    suggestions: ['run the command again'],
  }),
} as const satisfies FailureRows

export const failure = defineFailures(failures)

const mostListed = 20

function listed(problems: readonly string[]): string {
  const [only, ...others] = problems
  if (only !== undefined && others.length === 0) return only
  const rest = problems.length - mostListed
  const lines = [...problems.slice(0, mostListed), ...(rest > 0 ? [`and ${rest} more`] : [])]
  return lines.map((line) => `\n  ${line}`).join('')
}
