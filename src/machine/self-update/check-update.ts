import compare from 'semver/functions/compare.js'

import {releasedVersion, type NpmAccess} from './released-version.js'
import {updateCommand} from './update-command.js'

/** How the installed apkg stands to the released one. */
export interface UpdateCheck {
  installed: string
  /** Null where no version was released. */
  latest: string | null
  status: 'current' | 'outdated' | 'ahead' | 'unreleased'
  /** What updates this apkg in the way in which it was installed. */
  command: string
}

/**
 * Asks npm's registry, where apkg is installed from, for a newer apkg.
 *
 * @param options.installed the version that is running.
 * @param options.root the folder that it is installed in.
 * @throws {ApkgError} as `releasedVersion` does.
 */
export async function checkUpdate({
  installed,
  root,
  ...access
}: NpmAccess & {installed: string; root: string}): Promise<UpdateCheck> {
  const latest = await releasedVersion('apkg', access)
  return {installed, latest, status: statusOf(installed, latest), command: updateCommand(root)}
}

function statusOf(installed: string, latest: string | null): UpdateCheck['status'] {
  if (latest === null) return 'unreleased'
  const order = compare(installed, latest)
  return order === 0 ? 'current' : order < 0 ? 'outdated' : 'ahead'
}
