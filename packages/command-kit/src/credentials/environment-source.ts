import {failure} from '../errors/define-failures.js'
import {canonicalRegistry} from '../registry/registry-url.js'
import {hasIdToken} from './id-token-variables.js'
import {Secret} from './secret.js'
import type {Credential, CredentialQuery, CredentialSource} from './source.js'
import {tokenVariableFor} from './token-variable.js'

/** The variable for the token of this registry only, such as `APKG_TOKEN__R_EXAMPLE_COM`. */
const registrySource: CredentialSource = {
  name: 'APKG_TOKEN__<HOST>',
  find({env, registry}) {
    const variable = tokenVariableFor(registry)
    return Promise.resolve(variable === undefined ? undefined : findIn(env, variable))
  },
}

/** `APKG_TOKEN`, for the selected registry, or only for `APKG_TOKEN_REGISTRY` if that is set. */
export const environmentSource: CredentialSource = {
  name: 'APKG_TOKEN',
  find(query) {
    const found = canFollow(query) ? findIn(query.env, 'APKG_TOKEN') : undefined
    return Promise.resolve(found && isBoundHere(query, 'APKG_TOKEN') ? found : undefined)
  },
}

/** The file in `APKG_TOKEN_FILE`, for the same registries as `APKG_TOKEN`. */
const fileSource: CredentialSource = {
  name: 'APKG_TOKEN_FILE',
  async find(query) {
    const {env} = query
    const file = env['APKG_TOKEN_FILE']
    if (file === undefined || !canFollow(query)) return undefined
    if (file.trim() === '') throw failure('TOKEN_BLANK', {variable: 'APKG_TOKEN_FILE', hasIdToken: hasIdToken(env)})
    if (!isBoundHere(query, 'APKG_TOKEN_FILE')) return undefined
    const {tokenFileCredential} = await import('./token-file.js')
    return tokenFileCredential(file)
  },
}

/**
 * The variables that supply a token, in order of precedence.
 *
 * A blank variable is an error, because that's what an unset CI secret looks like.
 */
export const environmentSources: readonly CredentialSource[] = [registrySource, environmentSource, fileSource]

function findIn(env: NodeJS.ProcessEnv, variable: string): Credential | undefined {
  const value = env[variable]?.trim()
  if (value === undefined) return undefined
  if (value === '') throw failure('TOKEN_BLANK', {variable, hasIdToken: hasIdToken(env)})
  return {secret: new Secret(value), source: variable}
}

/** Whether a variable that isn't for one registry may be used: it follows no route to a registry that it isn't bound to. */
function canFollow({env, registry, isRouted = false}: CredentialQuery): boolean {
  return !isRouted || boundRegistry(env) === registry
}

/** Whether a variable that isn't for one registry can be used for this one. */
function isBoundHere({env, registry, note}: CredentialQuery, variable: string): boolean {
  const home = boundRegistry(env)
  if (home === undefined || home === registry) return true
  note(`${variable} is for ${home} (APKG_TOKEN_REGISTRY) and is not used for ${registry}.`)
  return false
}

/** The registry that the variables are bound to, as a canonical URL; undefined if they are for the selected one. */
function boundRegistry(env: NodeJS.ProcessEnv): string | undefined {
  const bound = env['APKG_TOKEN_REGISTRY']
  if (bound === undefined) return undefined
  if (bound.trim() === '') throw failure('TOKEN_BLANK', {variable: 'APKG_TOKEN_REGISTRY'})
  return canonicalRegistry(bound, 'APKG_TOKEN_REGISTRY')
}
