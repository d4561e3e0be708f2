import {Args, Flags} from '@oclif/core'
import {canonicalRegistry, failure} from '@apkg/command-kit'
import {parseS3Location} from '../server/blobs/s3/location.js'
import {isOrganizationName, maxOrganizationNameLength} from '@apkg/wire'
import {parseDatabaseUrl} from './database-url.js'

const dataFlag = {
  data: Flags.directory({
    summary: 'Use this data directory.',
    description:
      'Defaults to $XDG_DATA_HOME/apkg-registry, or ~/.local/share/apkg-registry. On Windows, to %LOCALAPPDATA%\\apkg-registry.',
  }),
}

export const databaseUrl = {
  summary: 'Use this PostgreSQL database instead of a data directory.',
  description:
    'A URL such as postgres://apkg@127.0.0.1/apkg. The password comes from PGPASSWORD, or from the file PGPASSFILE (~/.pgpass).',
  helpValue: '<url>',
  parse: (text: string) => Promise.resolve(parseDatabaseUrl(text)),
}

const secretKeyFlag = {
  'secret-key-file': Flags.file({
    summary: 'Read the secret key of a registry with --database from this file.',
    description: 'Defaults to the variable APKG_REGISTRY_SECRET_KEY.',
    dependsOn: ['database'],
  }),
}

/** The flags of a command that only works on a database. */
export const databaseFlags = {database: Flags.string({...databaseUrl, required: true}), ...secretKeyFlag}

/** The flags that say where the data of a registry is. */
export const placeFlags = {
  ...dataFlag,
  database: Flags.string({...databaseUrl, exclusive: ['data']}),
  ...secretKeyFlag,
}

export const blobsFlag = {
  blobs: Flags.string({
    summary: 'Store tarballs in this S3 bucket instead of the data directory.',
    description:
      'Credentials, region and endpoint come from the environment and files of the AWS SDK, such as AWS_ACCESS_KEY_ID, AWS_REGION and AWS_ENDPOINT_URL_S3.',
    helpValue: 's3://<bucket>/<prefix>',
    parse: (text) => Promise.resolve(parseBlobs(text)),
  }),
}

/** Links lead to a page of the registry, whose address is not in its data. */
export const linkFlag = {
  'public-url': Flags.string({
    summary: 'URL of the registry, for the link.',
    required: true,
    parse: (text) => Promise.resolve(canonicalRegistry(text, '--public-url')),
  }),
}

export const yesFlag = {
  yes: Flags.boolean({char: 'y', summary: 'Skip the confirmation. Required without a terminal.'}),
}

export const passwordFlag = {
  'password-stdin': Flags.boolean({summary: 'Read the password from the first line of standard input.'}),
}

export const userArg = {
  name: Args.string({description: 'Username.', required: true, ignoreStdin: true}),
}

export const newUserArg = {
  name: Args.string({
    description: 'Username: lowercase letters, digits and dashes.',
    required: true,
    ignoreStdin: true,
    parse: (text) => Promise.resolve(parseName(text, 'a user')),
  }),
}

export const newOrganizationArg = {
  name: Args.string({
    description:
      'Name of the organization, which is also the scope of its packages: lowercase letters, digits and dashes.',
    required: true,
    ignoreStdin: true,
    parse: (text) => Promise.resolve(parseName(text, 'an organization')),
  }),
}

export const memberArgs = {
  organization: Args.string({description: 'Name of the organization.', required: true, ignoreStdin: true}),
  user: Args.string({description: 'Username.', required: true, ignoreStdin: true}),
}

export const emailFlag = {
  email: Flags.string({
    summary: "Set the user's email address.",
    required: true,
    parse: (text) => Promise.resolve(parseEmail(text)),
  }),
}

/** The text may contain a secret, so it isn't repeated. */
export function parseBlobs(text: string): string {
  if (parseS3Location(text)) return text
  const hasCredential = /[@?]/.test(text)
  throw failure('USAGE', {
    message: hasCredential ? 'must not contain a credential' : 'not the URL of a bucket, such as s3://bucket/prefix',
    suggestions: hasCredential
      ? ['set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or use a profile']
      : ['use letters, digits, dashes, dots and underscores'],
  })
}

function parseName(text: string, owner: string): string {
  // Users and organizations share one namespace.
  if (isOrganizationName(text)) return text
  const rule = `use 1 to ${maxOrganizationNameLength} lowercase letters, digits and dashes`
  throw failure('USAGE', {message: `\`${text}\` is not a valid name for ${owner}`, suggestions: [rule]})
}

function parseEmail(text: string): string {
  if (/^[^\s\p{Cc}@]+@[^\s\p{Cc}@]+$/u.test(text) && text.length <= 254) return text
  throw failure('USAGE', {
    message: `\`${text}\` is not a valid email address`,
    suggestions: ['use an address such as ada@example.com'],
  })
}
