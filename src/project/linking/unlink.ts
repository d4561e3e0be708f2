import {unregisterLink} from './link-registry.js'
import {readPackageFolder} from './package-folder.js'

/** The package that was unlinked or unregistered. */
export interface UnlinkResult {
  name: string
  /**
   * `unlinked`: removed from this project. `unregistered`: no longer available to other projects. `unknown`: the package
   * was not registered.
   */
  status: 'unlinked' | 'unregistered' | 'unknown'
  /** The version that replaced the link; null if none was installed. */
  installed: string | null
}

/**
 * Removes the global registration of the package in a directory. Existing links in projects stay.
 *
 * @param folder absolute.
 * @param home the user's home directory.
 * @throws {ApkgError} the errors of `readPackageFolder` and `unregisterLink`.
 */
export async function unregister(folder: string, home: string): Promise<UnlinkResult> {
  const {name} = await readPackageFolder(folder)
  const wasKnown = await unregisterLink(home, name)
  return {name, status: wasKnown ? 'unregistered' : 'unknown', installed: null}
}
