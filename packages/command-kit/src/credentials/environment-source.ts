import {failure} from '../errors/define-failures.js'
import {canonicalRegistry} from '../registry/registry-url.js'
import {Secret} from './secret.js'
import type {CredentialSource} from './source.js'

/**
 * `APKG_TOKEN`, for any registry, or only for `APKG_TOKEN_REGISTRY` if that is set.
 *
 * A blank variable is an error, because that's what an unset CI secret looks like.
 */
export const environmentSource: CredentialSource = {
  name: 'APKG_TOKEN',
  find({env, registry, note}) {
    return Promise.resolve(findInEnvironment(env, registry, note))
  },
}

function findInEnvironment(env: NodeJS.ProcessEnv, registry: string, note: (text: string) => void) {
  const value = env['APKG_TOKEN']?.trim()
  if (value === undefined) return undefined
  if (value === '') throw failure('TOKEN_BLANK', {variable: 'APKG_TOKEN'})
  const bound = env['APKG_TOKEN_REGISTRY']
  if (bound !== undefined) {
    if (bound.trim() === '') throw failure('TOKEN_BLANK', {variable: 'APKG_TOKEN_REGISTRY'})
    const home = canonicalRegistry(bound, 'APKG_TOKEN_REGISTRY')
    if (home !== registry) {
      note(`APKG_TOKEN is for ${home} (APKG_TOKEN_REGISTRY) and is not used for ${registry}.`)
      return undefined
    }
  }
  return {secret: new Secret(value), source: 'APKG_TOKEN'}
}
