import {refusalBehind, type RegistryClient} from '@apkg/command-kit'
import {isShownPrefix} from '@apkg/wire'

/**
 * Finds tokens by the first characters of a value that a rotation replaced. Lists contain only the prefix of the newest
 * value, so this sends a request for each argument.
 *
 * @returns IDs by argument; empty if the registry doesn't support this
 * @throws {ApkgError} the errors of the client; `REFUSED` if several tokens match.
 */
export async function idsByOldValue(
  client: RegistryClient,
  selectors: readonly string[],
  organization: string | undefined,
): Promise<Map<string, string>> {
  const ids = new Map<string, string>()
  for (const selector of new Set(selectors.filter(isShownPrefix))) {
    const id = await idOf(client, selector, organization)
    if (id !== undefined) ids.set(selector, id)
  }
  return ids
}

async function idOf(
  client: RegistryClient,
  prefix: string,
  organization: string | undefined,
): Promise<string | undefined> {
  try {
    return (
      await client.call('getToken', {params: {id: prefix}, query: {...(organization !== undefined && {organization})}})
    ).id
  } catch (error) {
    const status = refusalBehind(error)?.status
    if (status === 404 || status === 405) return undefined
    throw error
  }
}
