import {distTagProblem, parseIntegrity} from '@apkg/package-format'
import {type ProblemDetail, releaseScopes, type Scope} from '@apkg/wire'
import type {CreateTokenRequest} from '@apkg/wire/protocol'

import type {TokenRestrictions} from '../store/store.js'

type Release = NonNullable<TokenRestrictions['release']>

/** The release that a request limits a token to, or why it can't. */
export function readRelease(
  {version, integrity, tag = 'latest'}: NonNullable<CreateTokenRequest['release']>,
  {scopes, patterns}: {scopes: readonly Scope[]; patterns: readonly string[]},
): {release: Release; problems: ProblemDetail[]} {
  const sha256 = parseIntegrity(integrity)
  const [name] = patterns
  const unfitting = scopes.filter((scope) => !(releaseScopes as readonly Scope[]).includes(scope))
  const canPublish = scopes.some((scope) => scope === 'publish:new' || scope === 'publish:update')
  const tagProblem = distTagProblem(tag)
  const problems: (ProblemDetail | false)[] = [
    sha256 === undefined && {field: 'release.integrity', message: 'must be `sha256-` followed by a SHA-256 in base64'},
    tagProblem !== undefined && {field: 'release.tag', message: tagProblem},
    (patterns.length !== 1 || name === undefined || name.endsWith('*')) && {
      field: 'packageScope',
      message: 'must be the package of the release, and nothing else',
    },
    unfitting.length > 0 && {
      field: 'scopes',
      message: `must not include ${unfitting.join(', ')}: a token for one release can only publish it`,
    },
    !canPublish && {field: 'scopes', message: 'must include publish:new or publish:update, to publish the release'},
    tag !== 'latest' &&
      !scopes.includes('tag') && {field: 'scopes', message: `must include tag, to set the dist-tag "${tag}"`},
  ]
  return {release: {version, sha256: sha256 ?? '', tag}, problems: problems.filter((each) => each !== false)}
}
