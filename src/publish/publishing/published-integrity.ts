import {refusalBehind, type RegistryClient} from '@apkg/command-kit'

/**
 * The integrity of a published version; undefined if the registry doesn't have it, or the user can't read it.
 *
 * @throws {ApkgError} the errors of the client.
 */
export async function publishedIntegrity(
  client: RegistryClient,
  name: string,
  version: string,
): Promise<string | undefined> {
  try {
    const {versions = {}} = await client.call('getPackage', {params: {name}})
    const found = Object.hasOwn(versions, version) ? versions[version] : undefined
    return found && (found.dist?.integrity ?? '')
  } catch (error) {
    if (refusalBehind(error)?.status === 404) return undefined
    throw error
  }
}
