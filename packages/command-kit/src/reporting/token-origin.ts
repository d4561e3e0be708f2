import {CredentialStore} from '../credentials/credential-store.js'
import {isTokenVariable} from '../credentials/token-variable.js'
import type {Ports} from '../ports/ports.js'
import {otherLogins} from './other-logins.js'

/** Services whose tokens users confuse with those of a registry, and how their tokens start. */
const services: readonly (readonly [string, RegExp])[] = [
  ['GitHub', /^(?:gh[a-z]_|github_pat_)/],
  ['GitLab', /^gl[a-z]+-/],
  ['npm', /^npm_/],
  ['PyPI', /^pypi-/],
]

/**
 * The next steps if a registry doesn't know the token in a variable, and the token may belong elsewhere. Tokens don't name
 * their registry, so only one for which the same token is stored is certain.
 *
 * @param registry the one that refused the token, as a canonical URL.
 */
export async function elsewhereHints(
  {variable, registry}: {variable: string; registry: string},
  {env, home}: Pick<Ports, 'env' | 'home'>,
): Promise<string[]> {
  const value = env[variable]?.trim()
  const service = services.find(([, pattern]) => value !== undefined && pattern.test(value))?.[0]
  if (service !== undefined) return [`the value of ${variable} is a token of ${service}, not of ${registry}`]
  const others = await otherLogins(home, registry)
  const stored = value === undefined || others.length === 0 ? [] : await new CredentialStore(home).registriesOf(value)
  const known = others.find((each) => stored.includes(each.registry))?.registry
  if (known !== undefined) return [`the token is for ${known}: add \`--registry ${known}\``]
  const twin = Object.keys(env).find((name) => isForOneRegistry(name, variable) && env[name]?.trim() === value)
  if (twin !== undefined) return [`${twin} has the same token, so select its registry with --registry`]
  return others.map((each) => `if the token is for ${each.registry}, add \`--registry ${each.registry}\``)
}

/** Whether a variable is named for the registry of its token, and isn't the given one. */
function isForOneRegistry(name: string, other: string): boolean {
  return name !== other && isTokenVariable(name) && name.toUpperCase().startsWith('APKG_TOKEN__')
}
