import {refusalBehind, type RegistryClient} from '@apkg/command-kit'

/** The lifetime of a token for which the user set none. */
export interface PolicyLifetime {
  /** In the protocol's format. */
  lifetime: string
  /** A sentence that explains it. */
  note: string
}

/**
 * Asks the registry which lifetime a token gets if the user sets none: its default, else its maximum.
 *
 * @returns undefined if it has neither, or doesn't tell.
 */
export async function lifetimeByPolicy(client: RegistryClient): Promise<PolicyLifetime | undefined> {
  const policy = await client.call('getPolicy', {}).catch((error: unknown) => {
    const status = refusalBehind(error)?.status
    // Some registries and proxies answer 401 or 403 to any path that they don't know.
    if (status !== undefined && [400, 401, 403, 404, 405].includes(status)) return undefined
    throw error
  })
  const lifetime = policy?.defaultTokenLifetime ?? policy?.maxTokenLifetime
  if (!lifetime) return undefined
  const origin = policy?.defaultTokenLifetime ? 'the default of this registry' : 'the longest that this registry allows'
  return {lifetime, note: `The token expires in ${lifetime}, ${origin}. Use --expires to choose another lifetime.`}
}
