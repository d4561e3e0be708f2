import {refusalBehind, type RegistryClient} from '@apkg/command-kit'

/** Whether a registry supports browser logins. One that doesn't report it, or has no policy, doesn't. */
export async function offersBrowser(client: RegistryClient): Promise<boolean> {
  try {
    return (await client.call('getPolicy', {})).browserLogin === true
  } catch (error) {
    const status = refusalBehind(error)?.status
    if (status !== undefined && status < 500) return false
    throw error
  }
}
