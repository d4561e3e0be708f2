import * as Type from 'typebox'

import {maxLabelLength, maxNoteLength} from '../label.js'
import {maxOrganizationNameLength, organizationNamePattern} from '../organization-name.js'
import {organizationRoles} from '../organization-roles.js'
import {maxPatterns} from '../package-pattern.js'
import {packageTypes, toolNames} from '../package-types.js'
import {packageActions} from '../permission.js'
import type {ProblemCode} from '../problems.js'
import {scopes} from '../scopes.js'
import {minSentIdLength} from '../token-id.js'
import {publisherProviders} from '../trusted-publishing.js'

/**
 * Our additions to the keywords of JSON Schema, for the values in requests.
 *
 * `title` is the name of the component in the OpenAPI document. `fault` completes "the field …" for an invalid value, and
 * `problem` is its error code (`VALIDATION` by default).
 */
export interface Rules {
  title?: string
  description?: string
  example?: unknown
  fault?: string
  problem?: ProblemCode
}

function text(rules: Rules & Type.TStringOptions): Type.TString {
  return Type.String(rules)
}

function oneOf<Word extends string>(words: readonly Word[], rules: Rules): Type.TUnsafe<Word> {
  return Type.Unsafe({type: 'string', enum: words, ...rules})
}

// Patterns use only features that regular expressions have in every language, because code generators read them too.

const control = '\\u0000-\\u001F\\u007F-\\u009F'

/** The characters that change or reverse a line. */
const unprintable = `${control}\\u061C\\u200E\\u200F\\u2028-\\u202E\\u2066-\\u2069\\uFEFF`

/**
 * The characters of `unprintable.ts` that are unprintable in any context, and below U+10000. The registry checks the others
 * itself, because not every language can express them.
 */
const invisible = `${control}\\u00AD\\u034F\\u061C\\u115F\\u1160\\u17B4\\u17B5\\u180B-\\u180F\\u200B\\u200E\\u200F\\u2028-\\u202E\\u2060-\\u206F\\u3164\\uFEFF\\uFFA0\\uFFF0-\\uFFFB`

/** Free text. Some databases cut text off at a NUL, so it can't have control characters. */
export const withoutControls = {pattern: `^[^${control}]*$`, fault: 'must not contain control characters'}

/** Free text that is shown on one line. */
export const printableLine = {pattern: `^[^${unprintable}]*$`, fault: 'must be one line of printable characters'}

const crockford = '[0-9a-hjkmnp-tv-z]'
const tokenId = `[0-9]${crockford}{15}`
const uuid = '[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}'
const jsonWebToken = 'eyJ[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]*'

/** Matches what looks like the value or the ID of a token. */
const tokenLike = `[Aa][Pp][Kk][Gg][A-Za-z]?_|(?:${jsonWebToken}|${tokenId}|${uuid})$`

export const TokenId = text({
  title: 'TokenId',
  description: 'The public ID of a token.',
  pattern: `^${tokenId}$`,
  example: '4h455vb4pex5vsk0',
})

export const SessionId = text({
  title: 'SessionId',
  description: 'The public ID of a login session. It stays the same when the session is refreshed.',
  pattern: `^${tokenId}$`,
  example: '6m2c9t1xq8w4zv0k',
})

/** The original client shows this much of an ID, and sends it when it revokes a token. */
export const TokenIdStart = text({
  title: 'TokenIdStart',
  description: 'The public ID of a token, or its first characters, at least 8.',
  pattern: `^[0-9]${crockford}{${minSentIdLength - 1},15}$`,
  example: '4h455vb4',
})

/** Lists show the start of the newest value only. */
export const TokenSelector = text({
  title: 'TokenSelector',
  description: 'The public ID of a token, or the first 12 characters of its value or of the value that it replaced.',
  pattern: `^(?:${tokenId}|apkgt_[0-9A-Za-z]{6})$`,
  example: '4h455vb4pex5vsk0',
})

export const IdempotencyKey = text({
  description:
    'A random value, the same for each attempt at one request. If a response is lost, the request can be sent again with the same key.',
  pattern: '^[!-~]{16,128}$',
  fault: 'must be 16 to 128 visible ASCII characters',
  example: '8e03978e-40d5-43dd-bc93-6894a57f9324',
})

export const Label = text({
  title: 'Label',
  description:
    "The name of a token, unique among its owner's active tokens. It does not start or end with a space or start with a dash, and does not look like the value or the ID of a token.",
  minLength: 1,
  maxLength: maxLabelLength,
  pattern: `^(?!${tokenLike})[^\\s${invisible}-](?:[^${invisible}]*[^\\s${invisible}])?$`,
  fault: `must be 1 to ${maxLabelLength} printable characters, must not start or end with a space or start with a dash, and must not look like a token value or a token ID`,
  example: 'ci-deploy',
})

export const Note = text({
  title: 'Note',
  description: 'What the token is for, in one line.',
  minLength: 1,
  maxLength: maxNoteLength,
  pattern: `^(?=.*[^\\s])[^${invisible}]*$`,
  fault: `must be 1 to ${maxNoteLength} printable characters in one line`,
  example: 'Publishes the releases of acme/deploy',
})

export const SuspensionReason = text({
  title: 'SuspensionReason',
  description: 'Why the token is suspended, in one line.',
  minLength: 1,
  maxLength: maxNoteLength,
  pattern: `^(?=.*[^\\s])[^${invisible}]*$`,
  fault: `must be 1 to ${maxNoteLength} printable characters in one line`,
  example: 'Looks leaked',
})

export const Scope = oneOf(scopes, {
  title: 'Scope',
  description:
    'What a token allows. `read`: read private packages. `publish`: the same as `read`, `publish:new`, `publish:update`, `tag` and `deprecate`. `ci`: the same as `publish`. `admin`: the same as `publish`, `token:read` and `token:rotate`; also manage signing keys, and revoke and suspend tokens. `publish:new`: publish the first version of a package. `publish:update`: publish further versions. `tag`: set and remove dist-tags. `deprecate`: deprecate packages and versions. `token:read`: list tokens and read their log. `token:rotate`: rotate the token itself.',
  example: 'publish',
})

const minutes = '[1-9][0-9]{0,6}'
const hours = '[1-9][0-9]{0,4}|[1-7][0-9]{5}|8[0-6][0-9]{4}|87[0-5][0-9]{3}|876000'
const days = '[1-9][0-9]{0,3}|[12][0-9]{4}|3[0-5][0-9]{3}|36[0-4][0-9]{2}|36500'
const weeks = '[1-9][0-9]{0,2}|[1-4][0-9]{3}|5[01][0-9]{2}|520[0-9]|521[0-4]'
const years = '[1-9][0-9]?|100'
const date = '[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])'
const hourAndMinute = '(?:[01][0-9]|2[0-3]):[0-5][0-9]'
const time = `[Tt]${hourAndMinute}:[0-5][0-9](?:\\.[0-9]+)?(?:[Zz]|[+-]${hourAndMinute})`

export const Lifetime = text({
  title: 'Lifetime',
  description:
    'How long a token is valid: minutes, hours, days, weeks or years of 365 days (`15m`, `12h`, `30d`, `8w`, `1y`), at most 100 years; a future date, which means midnight UTC; a future time (RFC 3339); or `never`.',
  maxLength: 64,
  pattern: `^(?:never|(?:${minutes})m|(?:${hours})h|(?:${days})d|(?:${weeks})w|(?:${years})y|${date}(?:${time})?)$`,
  fault: 'must be a lifetime such as 15m, 12h, 30d, 8w or 1y, a date (2027-01-31), an RFC 3339 time, or never',
  example: '30d',
})

export const Grace = text({
  title: 'Grace',
  description:
    'How long the old value works after the first use of the new one: at most 7 days (`30m`, `12h`, `2d`, `1w`), or `0` to end it immediately.',
  maxLength: 8,
  pattern: '^(?:0|(?:[1-9][0-9]{0,3}|100[0-7][0-9]|10080)m|(?:[1-9][0-9]?|1[0-5][0-9]|16[0-8])h|[1-7]d|1w)$',
  fault: 'must be a duration of at most 7 days, such as 12h or 2d, or 0',
  example: '24h',
})

export const AddressRange = text({
  title: 'AddressRange',
  description:
    'An IPv4 or IPv6 address, or a range in CIDR notation. Host bits must be 0. IPv4-mapped IPv6 addresses are treated as IPv4 addresses.',
  maxLength: 49,
  pattern: '^[0-9A-Fa-f:.]{2,45}(?:/(?:0|[1-9][0-9]{0,2}))?$',
  fault: 'must be an address, or a range in CIDR notation such as 203.0.113.0/24 or 2001:db8::/32',
  example: '203.0.113.0/24',
})

const scopeName = '@[a-z0-9-]+'
const packagePattern = `${scopeName}/(?:\\*|[a-z0-9][a-z0-9._-]*\\*?)`

export const PackagePattern = text({
  title: 'PackagePattern',
  description:
    'The packages that a token is restricted to: a name, every package of a scope (`@acme/*`), or every name with a prefix (`@acme/tool-*`).',
  maxLength: 214,
  pattern: `^${packagePattern}$`,
  example: '@acme/*',
})

export const PublisherPackage = text({
  title: 'PublisherPackage',
  description:
    'What a trusted publisher publishes: a package, or every package of a scope (`@acme/*`), including new ones.',
  maxLength: 214,
  pattern: `^${scopeName}/(?:\\*|[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)$`,
  fault: 'must be a package, such as @acme/tool, or @acme/* for a scope',
  example: '@acme/deploy',
})

export const ScopePattern = text({
  title: 'ScopePattern',
  description: 'Every package of a scope.',
  maxLength: 214,
  pattern: `^${scopeName}/\\*$`,
  fault: 'must be a scope, such as @acme/*',
  example: '@acme/*',
})

export const PackageScope = text({
  title: 'PackageScope',
  description: `Package patterns, separated by commas; at most ${maxPatterns}.`,
  maxLength: maxPatterns * 216,
  pattern: `^ *${packagePattern}(?: *, *${packagePattern}){0,${maxPatterns - 1}} *$`,
  fault: `must be 1 to ${maxPatterns} package patterns, separated by commas`,
  example: '@acme/*,@acme-labs/tool',
})

export const OrganizationName = text({
  title: 'OrganizationName',
  description: 'The name of an organization, which is the scope of its packages without the `@`.',
  minLength: 1,
  maxLength: maxOrganizationNameLength,
  pattern: organizationNamePattern.source,
  fault: 'must be the name of an organization, in lowercase letters, digits and `-`',
  example: 'acme-labs',
})

export const Username = text({
  title: 'Username',
  description: 'A username. Users and organizations share one namespace.',
  minLength: 1,
  maxLength: maxOrganizationNameLength,
  pattern: organizationNamePattern.source,
  fault: 'must be a username, in lowercase letters, digits and `-`',
  example: 'ada',
})

export const OrganizationRole = oneOf(organizationRoles, {
  title: 'OrganizationRole',
  description:
    '`reader`: can read private packages. `publisher`: can also publish, tag and deprecate. `admin`: a publisher who manages the organization.',
  example: 'publisher',
})

const packageName = `${scopeName}/[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?`

export const PackageName = text({
  title: 'PackageName',
  description: 'The name of a package: `@username/name` or `@organization/name`.',
  maxLength: 214,
  pattern: `^${packageName}$`,
  fault:
    'must be @scope/name in lowercase letters, digits, `-`, `.` and `_`, beginning and ending with a letter or digit',
  example: '@acme/deploy',
})

const number = '(?:0|[1-9][0-9]{0,14}|[1-8][0-9]{15})'
const identifier = '(?:0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*)'
const prerelease = `-${identifier}(?:\\.${identifier})*`
const buildMetadata = '\\+[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*'

const semanticVersion = `${number}\\.${number}\\.${number}(?:${prerelease})?(?:${buildMetadata})?`

export const VersionNumber = text({
  title: 'VersionNumber',
  description: 'A semantic version (SemVer 2.0.0).',
  maxLength: 200,
  pattern: `^${semanticVersion}$`,
  fault: 'must be a semantic version such as 1.2.3',
  example: '1.2.3',
})

export const PackageVersion = text({
  title: 'PackageVersion',
  description: 'A version of a package: `@scope/name@version`.',
  maxLength: 415,
  pattern: `^${scopeName}/[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?@${semanticVersion}$`,
  fault: 'must be a package and a version, such as @acme/deploy@1.2.3',
  example: '@acme/deploy@1.2.3',
})

const part = '(?:[xX]|0|[1-9][0-9]*)'
const range = `v*${part}(?:\\.${part}(?:\\.${part}(?:${prerelease})?)?)?`

export const DistTagName = text({
  title: 'DistTagName',
  description:
    'A name for one version of a package. Names that look like a version or a range, such as `v1` or `x`, are not allowed.',
  maxLength: 128,
  pattern: `^(?!${range}$)[A-Za-z][A-Za-z0-9._-]*$`,
  fault: 'must be letters, digits, `-`, `.` and `_`, beginning with a letter, and not a version or a range',
  example: 'beta',
})

/** The base64 of 32 bytes. The two unused bits of the last character must be zero. */
const base64Of32 = '[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]='

export const Integrity = text({
  title: 'Integrity',
  description: '`sha256-` followed by the base64-encoded SHA-256 digest of a tarball.',
  pattern: `^sha256-${base64Of32}$`,
  fault: 'must be `sha256-` followed by a base64-encoded SHA-256 digest',
  example: 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=',
})

export const KeyId = text({
  title: 'KeyId',
  description: 'The ID of a signing key: `SHA256:` followed by the base64-encoded SHA-256 digest of its 32 raw bytes.',
  pattern: `^SHA256:${base64Of32}$`,
  fault: 'must be `SHA256:` followed by a base64-encoded SHA-256 digest',
  example: 'SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=',
})

export const KeyName = text({
  title: 'KeyName',
  description: 'The name that the owner gave a signing key.',
  minLength: 1,
  maxLength: 100,
  ...printableLine,
  example: 'laptop',
})

/** The base64 of what precedes the 32 bytes of an Ed25519 key in a SubjectPublicKeyInfo (RFC 8410). */
const publicKeyInfo = 'MCowBQYDK2VwAyEA'

export const PublicKey = text({
  title: 'PublicKey',
  description:
    'An Ed25519 public key: its 32 raw bytes or its SubjectPublicKeyInfo, base64-encoded. Keys of low order are rejected.',
  pattern: `^(?:${publicKeyInfo})?${base64Of32}$`,
  fault: 'must be the 32 raw bytes of an Ed25519 key, base64-encoded',
  problem: 'KEY_INVALID',
  example: '11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=',
})

/** The base64 of 64 bytes. The four unused bits of the last character must be zero. */
const base64Of64 = '[A-Za-z0-9+/]{85}[AQgw]=='

function signatureValue(title: string, description: string, problem?: ProblemCode): Type.TString {
  return text({
    title,
    description,
    pattern: `^${base64Of64}$`,
    fault: 'must be a base64-encoded Ed25519 signature',
    ...(problem && {problem}),
    example: '5VZDAMNgrHKQhuLMgG6CioSHfx645dl02HPgZSJJAVVfuIIVkKM7rMYeOXAc+bRr0lv18FlbviRlUUFDjnoQCw==',
  })
}

export const SignatureValue = signatureValue(
  'SignatureValue',
  'The base64 of an Ed25519 signature.',
  'SIGNATURE_INVALID',
)

export const Signature = Type.Object(
  {keyId: KeyId, signature: SignatureValue},
  {title: 'Signature', description: 'A signature, and the ID of the key that made it.'},
)

export const RotationAttestation = signatureValue(
  'RotationAttestation',
  'The base64 of the signature by the old key over the 32 raw bytes of the new one.',
)

export const PossessionProof = signatureValue(
  'PossessionProof',
  'The base64 of the signature by the key to register, or by the new key of a rotation, over `apkg key possession v1`, a line break, and the canonical JSON of `{registry, username, keyId}`.',
)

export const KeyRevocationReason = oneOf(['key-compromise', 'superseded', 'unspecified'], {
  title: 'KeyRevocationReason',
  description: 'Why a signing key was revoked.',
  example: 'superseded',
})

export const Visibility = oneOf(['public', 'private'], {
  title: 'Visibility',
  description:
    'Who can read a package: anyone (`public`), or only the user or the members of the organization that owns it (`private`). It never changes.',
  example: 'public',
})

export const PackageAction = oneOf(packageActions, {
  title: 'PackageAction',
  description: 'What to do with a package. `yank` requires the same permission as `deprecate`.',
  example: 'publish',
})

export const PackageType = oneOf<string>(
  packageTypes.filter((type) => type !== 'project'),
  {title: 'PackageType', description: 'The type of a package.', example: 'skill'},
)

export const Tool = oneOf<string>(toolNames, {
  title: 'Tool',
  description: 'An AI tool that packages are made for.',
  example: 'claude-code',
})

export const PublisherProvider = oneOf(publisherProviders, {
  title: 'PublisherProvider',
  description:
    'Where the jobs run: GitHub Actions (`github`), GitLab CI/CD (`gitlab`), or another issuer of ID tokens (`oidc`).',
  example: 'github',
})

export const Instant = text({
  description: 'A time (RFC 3339).',
  pattern: `^${date}T${hourAndMinute}:[0-5][0-9](?:\\.[0-9]{1,9})?(?:Z|[+-]${hourAndMinute})$`,
  fault: 'must be an RFC 3339 time, such as 2026-11-23T12:00:00Z',
  example: '2026-11-23T12:00:00Z',
})

export const LogCursor = text({
  description: 'Where the page starts: the `nextCursor` of the previous page.',
  pattern: '^[0-9]{1,15}\\.[0-9]{1,15}$',
  fault: 'must be the `nextCursor` of a previous page',
  example: '1795435200000.4711',
})

export const PackageCursor = text({
  description: 'Where the page starts: the `nextCursor` of the previous page.',
  maxLength: 214,
  pattern: `^${packageName}$`,
  fault: 'must be the `nextCursor` of a previous page',
  example: '@acme/deploy',
})

export const SearchCursor = text({
  description: 'Where the page starts: the `nextCursor` of the previous page. Not with `offset`.',
  maxLength: 240,
  pattern: `^[0-9]\\.[01]\\.[0-9]{1,15}\\.${packageName}$`,
  fault: 'must be the `nextCursor` of a previous page',
  example: '0.0.1795435200000.@acme/deploy',
})

export const TokenCursor = text({
  description: 'Where the page starts: the `nextCursor` of the previous page.',
  pattern: `^[0-9]{1,15}\\.${tokenId}$`,
  fault: 'must be the `nextCursor` of a previous page',
  example: '1795435200000.4h455vb4pex5vsk0',
})
