import {isJsonObject} from '@apkg/wire'

import {failure} from '../errors/define-failures.js'
import {isLoopback} from '../registry/registry-url.js'
import {Secret} from '../credentials/secret.js'
import type {CredentialQuery, CredentialRequests} from '../credentials/source.js'
import {audienceOf, idTokenProblem} from './id-token-problem.js'

/** A source of ID tokens for a CI job. */
export interface IdTokenSource {
  /** The name in messages: `GitHub Actions`, `APKG_ID_TOKEN`. */
  readonly name: string
  /** A secret that is the same for every command of the job, and for no other job. */
  readonly jobSecret: Secret
  /** Returns an ID token whose only audience is the registry. */
  request(): Promise<Secret>
}

/**
 * Returns the source of ID tokens for a registry: `APKG_ID_TOKEN` if it is for exactly this registry, or else GitHub
 * Actions, which issues ID tokens for any audience.
 *
 * @throws {ApkgError} `ID_TOKEN_UNUSABLE` if a variable is invalid. `request` throws `ID_TOKEN_UNUSABLE` and
 *   `ID_TOKEN_UNAVAILABLE`
 */
export function idTokenSource(
  {env, registry, note}: Pick<CredentialQuery, 'env' | 'registry' | 'note'>,
  requests: CredentialRequests,
): IdTokenSource | undefined {
  return fromVariable({env, registry, note}) ?? fromGitHub({env, registry}, requests)
}

function fromVariable({
  env,
  registry,
  note,
}: Pick<CredentialQuery, 'env' | 'registry' | 'note'>): IdTokenSource | undefined {
  const value = env['APKG_ID_TOKEN']?.trim()
  if (value === undefined) return undefined
  const reason = idTokenProblem(value)
  if (reason !== undefined) throw failure('ID_TOKEN_UNUSABLE', {source: 'APKG_ID_TOKEN', reason, registry})
  const audience = audienceOf(value)
  if (audience !== registry) {
    const isFor = audience === undefined ? 'does not have exactly one audience' : `is for ${audience} (its aud)`
    note(`APKG_ID_TOKEN ${isFor} and is not used for ${registry}.`)
    return undefined
  }
  const secret = new Secret(value)
  return {name: 'APKG_ID_TOKEN', jobSecret: secret, request: () => Promise.resolve(secret)}
}

function fromGitHub(
  {env, registry}: Pick<CredentialQuery, 'env' | 'registry'>,
  requests: CredentialRequests,
): IdTokenSource | undefined {
  const [address, token] = [env['ACTIONS_ID_TOKEN_REQUEST_URL'], env['ACTIONS_ID_TOKEN_REQUEST_TOKEN']]
  if (!address || !token) return undefined
  const unusable = (source: string, reason: string) => failure('ID_TOKEN_UNUSABLE', {source, reason, registry})
  const url = requestUrl(address)
  if (!url) throw unusable('ACTIONS_ID_TOKEN_REQUEST_URL', 'is not an https URL')
  url.searchParams.set('audience', registry)
  return {
    name: 'GitHub Actions',
    jobSecret: new Secret(`${address}\n${token}`),
    async request() {
      const response = await requests.requestIdToken({url, token: new Secret(token)})
      const value = isJsonObject(response) ? response['value'] : undefined
      if (typeof value !== 'string' || idTokenProblem(value) !== undefined) {
        throw failure('ID_TOKEN_UNAVAILABLE', {reason: 'its response contains no ID token'})
      }
      if (audienceOf(value) !== registry) throw unusable('GitHub Actions', 'is for another audience')
      return new Secret(value)
    },
  }
}

/** Plain http is only allowed on this machine, as for registries. */
function requestUrl(address: string): URL | undefined {
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (!url || url.username !== '' || url.password !== '') return undefined
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname)) ? url : undefined
}
