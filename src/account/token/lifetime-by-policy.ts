import {refusalBehind, type RegistryClient} from '@apkg/command-kit'
import {parseLifetime} from '@apkg/wire'

import type {TokenRequest} from './token.js'

/** The lifetime of a token that the user didn't set. */
export interface PolicyLifetime {
  /** In the protocol's format. */
  lifetime: string
  /** A sentence that explains it, if the registry's policy decides it. */
  note?: string
}

/**
 * Chooses the lifetime of a token if the user doesn't set one: the usual one of its kind, if it has one and the registry
 * allows it, or else the registry's default, or else its maximum.
 *
 * @returns undefined if the user set one, or if there is none to choose
 */
export async function lifetimeByPolicy(
  client: RegistryClient,
  {expiresIn, usualLifetime}: Pick<TokenRequest, 'expiresIn' | 'usualLifetime'>,
): Promise<PolicyLifetime | undefined> {
  if (expiresIn !== undefined) return undefined
  const {maxTokenLifetime: longest, defaultTokenLifetime} = (await readPolicy(client)) ?? {}
  if (usualLifetime !== undefined && (!longest || !isLonger(usualLifetime, longest))) return {lifetime: usualLifetime}
  const byDefault = usualLifetime === undefined ? defaultTokenLifetime : undefined
  const lifetime = byDefault ?? longest
  if (!lifetime) return undefined
  const origin = byDefault ? 'the default of this registry' : 'the longest that this registry allows'
  return {lifetime, note: `The token expires in ${lifetime}, ${origin}. Use --expires to choose another lifetime.`}
}

/** @returns undefined if the registry doesn't report its policy */
async function readPolicy(client: RegistryClient) {
  return client.call('getPolicy', {}).catch((error: unknown) => {
    const status = refusalBehind(error)?.status
    // Some registries and proxies respond with 401 or 403 to any unknown path.
    if (status !== undefined && [400, 401, 403, 404, 405].includes(status)) return undefined
    throw error
  })
}

function isLonger(lifetime: string, longest: string): boolean {
  return millisecondsOf(lifetime) > millisecondsOf(longest)
}

/** Infinite for anything but a duration. */
function millisecondsOf(lifetime: string): number {
  const parsed = parseLifetime(lifetime)
  return parsed?.kind === 'for' ? parsed.milliseconds : Infinity
}
