import {distTagProblem, isPrerelease, isVersion, parseIntegrity} from '@apkg/package-format'
import {patternProblem, releaseScopes, type Scope} from '@apkg/wire'
import {Flags} from '@oclif/core'

import {failure} from '../../account/failures.js'
import type {Release} from '../../account/restrictions.js'

/** The flags that limit a new token to one release, together with an exact version in --package. */
export const releaseFlags = {
  integrity: Flags.string({
    summary: 'Limit the token to publishing this tarball. Requires --package @scope/name@version.',
    description:
      '`apkg pack --json` and `apkg publish --dry-run --json` print it. By default, the token can then be used once, within an hour.',
    helpValue: '<sha256>',
    helpGroup: 'ACCESS',
    parse: (text) => Promise.resolve(parseIntegrityFlag(text)),
  }),
  tag: Flags.string({
    summary: 'Dist-tag that the token can set. Requires --integrity.',
    description: 'Defaults to `latest`. Any other dist-tag must also be passed to `apkg publish`.',
    helpValue: '<tag>',
    helpGroup: 'ACCESS',
    parse: (text) => Promise.resolve(parseTag(text)),
  }),
}

/** A value of --package: a pattern, or a package with an exact version. */
export interface PackageChoice {
  pattern: string
  version?: string
}

/** @throws {ApkgError} `USAGE` */
export function readPackageChoice(text: string): PackageChoice {
  const at = text.indexOf('@', 1)
  const pattern = at === -1 ? text : text.slice(0, at)
  const reason = patternProblem(pattern)
  if (reason !== undefined) throw failure('USAGE', {message: `\`${text}\` ${reason}`})
  if (at === -1) return {pattern}
  const version = text.slice(at + 1)
  if (isVersion(version) && !pattern.endsWith('*')) return {pattern, version}
  throw failure('USAGE', {
    message: `\`${text}\` is not a package with an exact version`,
    suggestions: ['use a version such as @acme/tool@1.2.3 with --integrity, or leave it out'],
  })
}

interface ReleaseInput {
  choices: readonly PackageChoice[]
  scopes: readonly Scope[]
  integrity?: string | undefined
  tag?: string | undefined
}

/**
 * The release that the flags ask for; null without one.
 *
 * @param scopes those that were given; may be empty.
 * @throws {ApkgError} `USAGE` if the flags don't name exactly one release, or the scopes don't fit it.
 */
export function releaseOf({choices, scopes, integrity, tag}: ReleaseInput): Release | null {
  const exact = choices.find(({version}) => version !== undefined)
  if (exact?.version === undefined) {
    assertUnused({integrity, tag})
    return null
  }
  const {pattern, version} = exact
  if (choices.length > 1) {
    throw usage('A token for an exact version can have only one --package', 'create a token for each version')
  }
  if (integrity === undefined) {
    throw usage(
      `--package ${pattern}@${version} requires --integrity`,
      `get it from \`apkg pack --json\`, or use \`--package ${pattern}\` for every version`,
    )
  }
  if (tag === undefined && isPrerelease(version)) {
    throw usage(`${version} is a prerelease, which requires --tag`, 'add a dist-tag, such as `--tag next`')
  }
  const release = {version, integrity, tag: tag ?? 'latest'}
  assertScopes(scopes, release)
  return release
}

function assertUnused(flags: Pick<ReleaseInput, 'integrity' | 'tag'>): void {
  const [name] = Object.entries(flags).flatMap(([flag, value]) => (value === undefined ? [] : [flag]))
  if (name === undefined) return
  throw usage(`--${name} requires an exact version in --package`, 'use a version, such as `--package @acme/tool@1.2.3`')
}

function assertScopes(scopes: readonly Scope[], {tag}: Release): void {
  if (scopes.length === 0) return
  const unfitting = scopes.filter((scope) => !(releaseScopes as readonly Scope[]).includes(scope))
  const leaveOut = `leave out --scopes, or use some of ${releaseScopes.join(', ')}`
  if (unfitting.length > 0) {
    throw usage(`A token for an exact version can only publish it, so it can't have ${unfitting.join(', ')}`, leaveOut)
  }
  if (scopes.every((scope) => scope === 'tag')) {
    throw usage('A token for an exact version requires publish:new or publish:update', leaveOut)
  }
  if (tag !== 'latest' && !scopes.includes('tag')) throw usage(`--tag ${tag} requires the scope tag`, leaveOut)
}

function parseIntegrityFlag(text: string): string {
  if (parseIntegrity(text) !== undefined) return text
  throw usage(`\`${text}\` is not \`sha256-\` followed by a SHA-256 in base64`, 'get it from `apkg pack --json`')
}

function parseTag(text: string): string {
  const reason = distTagProblem(text)
  if (reason === undefined) return text
  throw usage(`\`${text}\` ${reason}`, 'use a dist-tag such as next')
}

function usage(message: string, suggestion: string) {
  return failure('USAGE', {message, suggestions: [suggestion]})
}
