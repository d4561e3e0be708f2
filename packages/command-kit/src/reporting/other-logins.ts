import {CredentialStore} from '../credentials/credential-store.js'
import {isApkgError} from '../errors/apkg-error.js'
import {printable} from '../terminal/printable.js'

/** A stored login for another registry. */
export interface OtherLogin {
  registry: string
  username: string
}

/** More would hide the other hints. */
const maxLogins = 3

/**
 * The stored logins for other registries, the last one first. None if they can't be read.
 *
 * @param registry canonical URL
 */
export async function otherLogins(home: string, registry: string): Promise<OtherLogin[]> {
  try {
    const logins = await new CredentialStore(home).list()
    const others = logins.filter((each) => each.registry !== registry).slice(0, maxLogins)
    return others.map((each) => ({registry: printable(each.registry), username: printable(each.username)}))
  } catch (error) {
    if (!isApkgError(error)) throw error
    return []
  }
}
