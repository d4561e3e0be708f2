import {isApkgError, printable, type RegistryClient} from '@apkg/command-kit'

/**
 * Why a version is not in its packument: the registry's reason, if it took the version down and the user may read the
 * package. Undefined for any other version, or if the registry can't be asked.
 */
export async function takedownOf(
  client: RegistryClient,
  {name, version}: {name: string; version: string},
): Promise<string | undefined> {
  const wanted = `${name}@${version}`
  try {
    const {takenDown} = await client.call('getStatus', {body: {versions: [wanted]}})
    const found = takenDown.find((each) => each.version === wanted)
    return found && (printable(found.reason ?? '') || 'no reason given')
  } catch (error) {
    if (!isApkgError(error)) throw error
    return undefined
  }
}
