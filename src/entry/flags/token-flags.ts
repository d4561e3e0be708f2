import {
  defaultScopes,
  expiryOf,
  formatLifetime,
  isTokenScope,
  labelProblem,
  lifetimeForms,
  maxPatterns,
  noteProblem,
  offeredScopes,
  parseLifetime,
  releaseScopes,
  type Scope,
} from '@apkg/wire'
import {Flags, type Interfaces} from '@oclif/core'

import {failure} from '../../account/failures.js'
import type {TokenRequest} from '../../account/token/token.js'
import {assertFitsOrganization, orgFlag} from './org-flag.js'
import {readPackageChoice, releaseFlags, releaseOf} from './release-flags.js'
import {restrictionFlags, restrictionsOf} from './restriction-flags.js'

const scopeList = offeredScopes.map((scope) => `\`${scope}\``).join(', ')

/** The flags that describe a new token. Each validates its value while parsing, before anything is requested. */
export const tokenFlags = {
  label: Flags.string({
    summary: 'Name that identifies the token.',
    description: "Defaults to your username, this machine's name and the date.",
    helpValue: '<name>',
    aliases: ['name'],
    parse: (text) => Promise.resolve(parseLabel(text)),
  }),
  note: Flags.string({
    summary: 'What the token is for, in one line of up to 250 characters.',
    helpValue: '<text>',
    parse: (text) => Promise.resolve(parseNote(text)),
  }),
  expires: Flags.string({
    summary: 'When the token expires.',
    description:
      "A duration (15m, 12h, 30d, 8w or 1y), a date (2027-01-31, midnight UTC), an RFC 3339 time, or `never`. By default, it doesn't expire, unless the registry has a default or a maximum.",
    helpValue: '<when>',
    aliases: ['expires-in'],
    helpGroup: 'LIFETIME',
    parse: (text) => Promise.resolve(parseLifetimeFlag(text)),
  }),
  scopes: scopesFlag({
    summary: 'Scopes of the token, separated by commas.',
    description: `One or more of ${offeredScopes.join(', ')}. By default, read and publish.`,
    helpGroup: 'ACCESS',
  }),
  scope: scopesFlag({summary: 'The same as --scopes.', hidden: true}),
  package: Flags.string({
    summary: 'Packages that the token can access: a name, `@scope/*`, or a name ending in `*`. Repeatable.',
    description:
      'By default, every package that you can access. `@scope/name@version` allows publishing only that version, and requires --integrity.',
    helpValue: '<pattern>',
    aliases: ['package-scope'],
    helpGroup: 'ACCESS',
    multiple: true,
    multipleNonGreedy: true,
    delimiter: ',',
    parse: (text) => Promise.resolve((readPackageChoice(text), text)),
  }),
  ...orgFlag('Create the token for this organization, so that it stays valid without you.', 'ACCESS'),
  ...releaseFlags,
  ...restrictionFlags,
  'dry-run': Flags.boolean({
    summary: 'Print what the token would allow, and create nothing.',
    default: false,
    helpGroup: 'ADVANCED',
  }),
}

function scopesFlag(text: {summary: string; description?: string; helpGroup?: string; hidden?: boolean}) {
  return Flags.custom<Scope>({
    ...text,
    helpValue: '<scope>',
    multiple: true,
    multipleNonGreedy: true,
    delimiter: ',',
    parse: (scope) => Promise.resolve(parseScope(scope)),
  })()
}

type ParsedTokenFlags = Interfaces.InferredFlags<typeof tokenFlags>

/**
 * What the flags ask for, apart from the label.
 *
 * @throws {ApkgError} `USAGE`; see `assertTokenFlags`, `releaseOf`, `restrictionsOf` and `assertFitsOrganization`.
 */
export function tokenPropertiesOf(
  {
    scopes = [],
    scope = [],
    package: packages = [],
    note,
    expires,
    integrity,
    tag,
    uses,
    org,
    ...addresses
  }: Partial<ParsedTokenFlags>,
  now: Date,
): Omit<TokenRequest, 'label' | 'labelIsProposal'> {
  assertTokenFlags({expires, package: packages}, now)
  const named = [...scopes, ...scope]
  const choices = packages.map(readPackageChoice)
  const patterns = choices.map(({pattern}) => pattern)
  const release = releaseOf({choices, scopes: named, integrity, tag})
  const defaults = release ? releaseDefaults : ordinaryDefaults
  const asked = named.length > 0 ? named : [...defaults.scopes]
  if (org !== undefined) assertFitsOrganization(org, {scopes: asked, packages: patterns})
  return {
    scopes: asked,
    packages: patterns,
    organization: org ?? null,
    note,
    expiresIn: expires,
    usualLifetime: defaults.lifetime,
    ...restrictionsOf({...addresses, uses: uses ?? defaults.uses}, asked),
    release,
  }
}

const ordinaryDefaults = {scopes: defaultScopes, lifetime: undefined, uses: undefined}

const releaseDefaults = {scopes: releaseScopes, lifetime: '1h', uses: 1}

function parseLabel(text: string): string {
  const reason = labelProblem(text)
  if (reason !== undefined) throw failure('LABEL_INVALID', {reason})
  return text
}

function parseNote(text: string): string {
  const reason = noteProblem(text)
  if (reason !== undefined) throw failure('USAGE', {message: `--note ${reason}`})
  return text
}

/** Clients of the original protocol also know `ci`, which isn't offered. */
function parseScope(text: string): Scope {
  if (isTokenScope(text)) return text
  const suggestions = text.includes('@')
    ? ['use --package to limit the token to packages']
    : [`use one or more of ${scopeList}`]
  throw failure('USAGE', {message: `\`${text}\` is not a scope`, suggestions})
}

/** The lifetime in the protocol's format. */
export function parseLifetimeFlag(text: string): string {
  const lifetime = parseLifetime(text)
  if (!lifetime)
    throw failure('USAGE', {message: `\`${text}\` is not a valid lifetime`, suggestions: [`use ${lifetimeForms}`]})
  return formatLifetime(lifetime)
}

/**
 * Makes the checks that depend on the time or on several values.
 *
 * @throws {ApkgError} `USAGE` for a time in the past or too many patterns.
 */
export function assertTokenFlags({expires, package: patterns = []}: TokenFlags, now: Date): void {
  const lifetime = expires === undefined ? undefined : parseLifetime(expires)
  const expiry = lifetime && expiryOf(lifetime, now)
  if (expiry && expiry <= now)
    throw failure('USAGE', {
      message: `--expires: ${expiry.toISOString()} is in the past`,
      suggestions: ['use a later date, or a duration such as 90d'],
    })
  if (patterns.length > maxPatterns) {
    throw failure('USAGE', {
      message: `A token can have at most ${maxPatterns} package patterns`,
      suggestions: ['use patterns that cover several packages, such as @acme/*'],
    })
  }
}

interface TokenFlags {
  expires?: string | undefined
  package?: string[] | undefined
}
