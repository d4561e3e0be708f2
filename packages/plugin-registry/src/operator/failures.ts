import {defineFailures, exitCodes, shellPath, type Failure, type FailureRows} from '@apkg/command-kit'

/** Failures of the commands that operate a registry. */
export const failures = {
  REGISTRY_DATA_UNUSABLE: ({reason, suggestions}: {reason: string; suggestions: string[]}): Failure => ({
    exit: exitCodes.failed,
    message: `Cannot use the data directory: ${reason}`,
    suggestions,
  }),
  REGISTRY_DATA_BUSY: ({folder}: {folder: string}): Failure => ({
    exit: exitCodes.failed,
    message: `${folder} is locked by another process`,
    suggestions: ['try again later'],
  }),
  REGISTRY_DATA_NEWER: ({reason}: {reason: string}): Failure => ({
    exit: exitCodes.failed,
    message: `Cannot use the data directory: ${reason}`,
    suggestions: ['run `apkg plugins update`'],
  }),
  REGISTRY_DISK_FULL: ({folder}: {folder: string}): Failure => ({
    exit: exitCodes.failed,
    message: `No space left on the device that holds ${folder}`,
    suggestions: ['free up space, and run the command again'],
  }),
  REGISTRY_OUTCOME_UNKNOWN: ({folder}: {folder: string}): Failure => ({
    exit: exitCodes.failed,
    message: `The disk that holds ${folder} failed while saving the change, which may or may not have been made`,
    suggestions: [
      'check the disk. Then list the users, organizations or keys to see whether the change was made, and run the command again if it was not',
    ],
  }),
  REGISTRY_DATABASE_OUTCOME_UNKNOWN: (): Failure => ({
    exit: exitCodes.failed,
    message: 'The database did not confirm the change, which may or may not have been made',
    suggestions: [
      'list the users, organizations or keys to see whether the change was made, and run the command again if it was not',
    ],
  }),
  REGISTRY_DATABASE_UNUSABLE: ({reason, suggestions}: {reason: string; suggestions: string[]}): Failure => ({
    exit: exitCodes.failed,
    message: `Cannot use the database: ${reason}`,
    suggestions,
  }),
  REGISTRY_DATABASE_UNAVAILABLE: ({reason}: {reason: string}): Failure => ({
    exit: exitCodes.failed,
    message: `The database is unavailable: ${reason}`,
    suggestions: ['check --database, and the password in PGPASSWORD or PGPASSFILE', 'try again later'],
  }),
  REGISTRY_DATABASE_FULL: (): Failure => ({
    exit: exitCodes.failed,
    message: 'No space left on the database server',
    suggestions: ['free up space, and run the command again'],
  }),
  REGISTRY_CLOCK_WRONG: ({seconds}: {seconds: number}): Failure => ({
    exit: exitCodes.failed,
    message: `The clocks of this machine and the database differ by ${seconds} seconds. Nothing was changed`,
    suggestions: ['correct the clock of this machine, and run the command again'],
  }),
  REGISTRY_SECRET_KEY_UNUSABLE: ({place, reason}: {place: string; reason: string}): Failure => ({
    exit: exitCodes.failed,
    message: `Cannot use the secret key in ${place}: ${reason}`,
    suggestions: [
      'use the key that the registry was created with',
      'for a new registry, create one: `(umask 077; openssl rand -base64 32 > secret-key)`',
    ],
  }),
  REGISTRY_PASSWORD_FILE_UNUSABLE: ({path, reason}: {path: string; reason: string}): Failure => ({
    exit: exitCodes.failed,
    message: `Cannot use the password file ${path}: ${reason}`,
    suggestions: [`run \`chmod 600 ${shellPath(path)}\``, 'set PGPASSFILE to another file'],
  }),
  REGISTRY_SCRATCH_UNUSABLE: ({folder, reason}: {folder: string; reason: string}): Failure => ({
    exit: exitCodes.failed,
    message: `Cannot store uploads in ${folder}: ${reason}`,
    suggestions: ['pass another directory with --scratch, or set TMPDIR'],
  }),
  REGISTRY_ALREADY_SERVED: ({folder}: {folder: string}): Failure => ({
    exit: exitCodes.failed,
    message: `Another server is already running on ${folder}`,
    suggestions: ['stop that server', 'pass another directory with --data'],
  }),
  REGISTRY_UNPROTECTED: ({host}: {host: string}): Failure => ({
    exit: exitCodes.usage,
    message: `Cannot serve on ${host} without TLS: passwords and tokens would be sent in cleartext`,
    suggestions: [
      'pass a certificate with --tls-cert and --tls-key',
      'put an https proxy in front of the server, and pass its URL with --public-url',
    ],
  }),
  REGISTRY_NOT_LISTENING: ({host, port, reason}: {host: string; port: number; reason: string}): Failure => ({
    exit: exitCodes.failed,
    message: `Cannot listen on ${host.includes(':') ? `[${host}]` : host}:${port}: ${reason}`,
    suggestions: ['pass another --host or --port (0 picks a free port)'],
  }),
  REGISTRY_FILE_UNREADABLE: ({path, reason}: {path: string; reason: string}): Failure => ({
    exit: exitCodes.failed,
    message: `Cannot read ${path}: ${reason}`,
    suggestions: ['check the path and the permissions of the file'],
  }),
  REGISTRY_METRICS_TOKEN_UNUSABLE: ({path, reason}: {path: string; reason: string}): Failure => ({
    exit: exitCodes.failed,
    message: `Cannot use the metrics token in ${path}: ${reason}`,
    suggestions: [
      'create one that only the server can read: `(umask 077 && openssl rand -hex 32 > metrics-token)`',
      'pass its path with --metrics-token-file',
    ],
  }),
  REGISTRY_METRICS_UNPROTECTED: ({host}: {host: string}): Failure => ({
    exit: exitCodes.usage,
    message: `--metrics-listen ${host} can be reached from other machines, but no metrics token was given`,
    suggestions: ['pass --metrics-token-file', 'leave out --metrics-listen to serve metrics on loopback only'],
  }),
  REGISTRY_WEBHOOK_SECRET_UNUSABLE: ({path, reason}: {path: string; reason: string}): Failure => ({
    exit: exitCodes.failed,
    message: `Cannot use the webhook secret in ${path}: ${reason}`,
    suggestions: [
      `if the file contains the secret, run \`chmod 600 ${shellPath(path)}\``,
      `otherwise, create one: \`(umask 077; echo "whsec_$(openssl rand -base64 32)" > ${shellPath(path)})\``,
    ],
  }),
  REGISTRY_TLS_UNUSABLE: ({cert, key}: {cert: string; key: string}): Failure => ({
    exit: exitCodes.failed,
    message: `${cert} and ${key} are not a matching certificate and private key`,
    suggestions: ['pass a certificate and its private key as PEM files; the key must not have a passphrase'],
  }),
  REGISTRY_FOLDER_NOT_EMPTY: ({folder}: {folder: string}): Failure => ({
    exit: exitCodes.failed,
    message: `${folder} is not empty. Nothing was written`,
    suggestions: ['choose a directory that is empty or does not exist'],
  }),
  REGISTRY_BLOBS_UNAVAILABLE: ({reason}: {reason: string}): Failure => ({
    exit: exitCodes.failed,
    message: `Cannot use the bucket in --blobs: ${reason}`,
    suggestions: ['check the bucket, the endpoint and the credentials', 'try again later'],
  }),
  REGISTRY_BLOBS_ELSEWHERE: ({folder}: {folder: string}): Failure => ({
    exit: exitCodes.failed,
    message: `The tarballs of the registry in ${folder} are stored elsewhere. Nothing was changed`,
    suggestions: [
      'pass --blobs with the bucket that this registry was created with, or leave it out if there was none',
    ],
  }),
  REGISTRY_BLOBS_IN_USE: ({blobs}: {blobs: string}): Failure => ({
    exit: exitCodes.failed,
    message: `${blobs} is already used by a registry. Nothing was restored`,
    suggestions: ['pass --blobs with another prefix'],
  }),
  REGISTRY_MOVED: ({reason}: {reason: string}): Failure => ({
    exit: exitCodes.failed,
    message: `Cannot use the registry: ${reason}`,
    suggestions: [
      'if it was moved, pass its new --database or --data',
      'if the move was interrupted, run `apkg registry move` again with the same flags, or with --cancel on the source',
    ],
  }),
  REGISTRY_MOVED_ELSEWHERE: ({place}: {place: string}): Failure => ({
    exit: exitCodes.failed,
    message: `The registry was moved, but not to ${place}. Nothing was changed`,
    suggestions: ['use the registry at the place that it was moved to'],
  }),
  REGISTRY_MOVE_CANCELED: ({place}: {place: string}): Failure => ({
    exit: exitCodes.failed,
    message: `The move was canceled, or is run by another command. ${place} was not opened`,
    suggestions: ['if no other command moves the registry, run the command again'],
  }),
  REGISTRY_DATABASE_IN_USE: ({database}: {database: string}): Failure => ({
    exit: exitCodes.failed,
    message: `${database} is already used by a registry. Nothing was changed`,
    suggestions: ['create an empty database, and pass its URL'],
  }),
  BACKUP_OTHER_KEY: ({folder}: {folder: string}): Failure => ({
    exit: exitCodes.failed,
    message: `The backup in ${folder} belongs to another secret key`,
    suggestions: [`pass the key of the backup: \`--secret-key-file ${shellPath(`${folder}/secret.key`)}\``],
  }),
  REGISTRY_TARBALL_LOST: ({version, place}: {version: string; place: string}): Failure => ({
    exit: exitCodes.failed,
    message: `Cannot back up the registry: the tarball of ${version} is missing or corrupt`,
    suggestions: [
      'copy the tarball back from an earlier backup',
      `run \`apkg registry takedown ${version} --reason lost${place}\`, and back up again`,
    ],
  }),
  BACKUP_BUSY: (): Failure => ({
    exit: exitCodes.failed,
    message: 'Timed out waiting for another backup or garbage collection to finish',
    suggestions: ['try again later'],
  }),
  BACKUP_WITHIN_DATA: ({folder}: {folder: string}): Failure => ({
    exit: exitCodes.failed,
    message: `Cannot back up into the data directory ${folder}: the backup would be lost with the data`,
    suggestions: ['choose a directory outside it, preferably on another disk'],
  }),
  BACKUP_DAMAGED: ({folder, problems}: {folder: string; problems: readonly string[]}): Failure => ({
    exit: exitCodes.failed,
    message: `The backup in ${folder} is damaged: ${problemLines(problems)}`,
    suggestions: ['use an earlier backup'],
  }),
  USER_NOT_FOUND: ({name}: {name: string}): Failure => ({
    exit: exitCodes.failed,
    message: `User not found: ${name}`,
    suggestions: ['run `apkg registry user list`'],
  }),
  USER_NAME_TAKEN: ({name}: {name: string}): Failure => ({
    exit: exitCodes.refused,
    message: `The name "${name}" is already taken. The names of removed users can't be reused`,
    suggestions: ['choose another name'],
  }),
  USER_HAS_MFA: ({name}: {name: string}): Failure => ({
    exit: exitCodes.refused,
    message: `MFA is already enabled for ${name}`,
    suggestions: [`run \`apkg registry user mfa ${name} --reset\` to replace the secret and recovery codes`],
  }),
  ORG_NOT_FOUND: ({name}: {name: string}): Failure => ({
    exit: exitCodes.failed,
    message: `Organization not found: ${name}`,
    suggestions: ['run `apkg registry org list`'],
  }),
  ORG_NAME_TAKEN: ({name}: {name: string}): Failure => ({
    exit: exitCodes.refused,
    message: `The name "${name}" is already taken by a user or an organization. The names of removed users can't be reused`,
    suggestions: ['choose another name'],
  }),
  ORG_MEMBER_NOT_FOUND: ({organization, user}: {organization: string; user: string}): Failure => ({
    exit: exitCodes.failed,
    message: `${user} is not a member of ${organization}`,
    suggestions: [`run \`apkg registry org list ${organization}\``],
  }),
  OPERATOR_NOT_FOUND: ({name}: {name: string}): Failure => ({
    exit: exitCodes.failed,
    message: `${name} is not an operator`,
    suggestions: ['run `apkg registry operator list`'],
  }),
  REGISTRY_CREDENTIAL_NOT_FOUND: ({given}: {given: string}): Failure => ({
    exit: exitCodes.failed,
    message: `No token or session has the ID ${given}`,
    suggestions: ['run `apkg registry audit --json`, which lists the credential of each entry'],
  }),
  REGISTRY_CREDENTIAL_AMBIGUOUS: ({given, candidates}: {given: string; candidates: string[]}): Failure => ({
    exit: exitCodes.failed,
    message: `Several IDs start with ${given}:\n${candidates.map((each) => `  ${each}`).join('\n')}`,
    suggestions: ['use the full ID'],
  }),
  REGISTRY_PACKAGE_NOT_FOUND: ({name}: {name: string}): Failure => ({
    exit: exitCodes.failed,
    message: `Package not found: ${name}`,
    suggestions: ['run `apkg registry audit --action package.publish` to list published versions'],
  }),
  REGISTRY_VERSION_NOT_FOUND: ({name, version}: {name: string; version: string}): Failure => ({
    exit: exitCodes.failed,
    message: `Version not found: ${name}@${version}`,
    suggestions: [`run \`apkg registry audit --action package.publish --target ${name}\` to list published versions`],
  }),
  TOKEN_NOT_SUSPENDED: ({ids}: {ids: readonly string[]}): Failure => ({
    exit: exitCodes.failed,
    message: `No suspended token with ID ${ids.map((id) => `\`${id}\``).join(', ')}. Nothing was resumed`,
    suggestions: ['run `apkg registry token list --suspended`'],
  }),
  OWNED_TOKEN_NOT_FOUND: ({id}: {id: string}): Failure => ({
    exit: exitCodes.failed,
    message: `Token not found: ${id}. Nothing was changed`,
    suggestions: ['run `apkg registry token list`'],
  }),
  OWNED_TOKEN_AMBIGUOUS: ({id}: {id: string}): Failure => ({
    exit: exitCodes.failed,
    message: `Several token IDs start with ${id}. Nothing was changed`,
    suggestions: ['use the full ID, from `apkg registry token list`'],
  }),
  OWNED_TOKEN_OVER: ({label, state}: {label: string; state: string}): Failure => ({
    exit: exitCodes.failed,
    message: `The token "${label}" is ${state}, so it cannot be suspended. Nothing was changed`,
    suggestions: ['run `apkg registry token list`'],
  }),
  LABEL_TAKEN: ({user, label, id}: {user: string; label: string; id: string}): Failure => ({
    exit: exitCodes.refused,
    message: `${user} already has a token with the label "${label}": ${id}`,
    suggestions: ['choose another --label', `if it is no longer needed, run \`apkg registry token revoke ${id}\``],
  }),
  OWNED_TOKEN_REFUSED: ({reason}: {reason: string}): Failure => ({
    exit: exitCodes.refused,
    message: `Cannot create the token: ${reason}`,
    suggestions: ['run `apkg registry policy get` and `apkg registry token list` to see limits and labels'],
  }),
  LIFETIME_TOO_LONG: ({limit}: {limit: string}): Failure => ({
    exit: exitCodes.refused,
    message: `The lifetime of a token on this registry must be at most ${limit}`,
    suggestions: [
      'choose a shorter --expires, or leave it out to get what the policy allows',
      'to change the limit, run `apkg registry policy set max-token-lifetime <duration>`',
    ],
  }),
  VALUE_UNKNOWN: (): Failure => ({
    exit: exitCodes.failed,
    message: 'This registry never issued a token with this value',
    suggestions: ['check that the value is complete, and that --data is the data directory of the right registry'],
  }),
  CANCELED: (): Failure => ({
    exit: exitCodes.failed,
    message: 'Canceled. Nothing was changed',
    suggestions: ['run the command again and answer yes, or add --yes'],
  }),
  PASSWORD_INVALID: ({reason}: {reason: string}): Failure => ({
    exit: exitCodes.usage,
    message: `The password ${reason}`,
    suggestions: ['choose another password'],
  }),
  PASSWORDS_DIFFER: (): Failure => ({
    exit: exitCodes.usage,
    message: 'The passwords do not match. Nothing was changed',
    suggestions: ['run the command again'],
  }),
  POLICY_CONTRADICTORY: ({name, value}: {name: string; value: string}): Failure => ({
    exit: exitCodes.usage,
    message: `Cannot set ${name} to ${value}: the default lifetime would be longer than the maximum. Nothing was changed`,
    suggestions: ['run `apkg registry policy get` to see both values, and change the other one first'],
  }),
} as const satisfies FailureRows

export const failure = defineFailures(failures)

const maxListed = 20

function problemLines(problems: readonly string[]): string {
  const [first] = problems
  if (first !== undefined && problems.length === 1) return first
  const rest = problems.length - maxListed
  const lines = [...problems.slice(0, maxListed), ...(rest > 0 ? [`and ${rest} more`] : [])]
  return lines.map((line) => `\n  ${line}`).join('')
}
