import compare from 'semver/functions/compare.js'

import {releasedVersion, type NpmAccess} from './released-version.js'
import {updateCommand} from './update-command.js'

/** The installed version of apkg compared with the latest release. */
export interface UpdateCheck {
  /** The installed version. */
  installed: string
  /** The latest release; null if there is none. */
  latest: string | null
  /** `ahead`: the installed version is newer than the latest release. `unreleased`: apkg hasn't been released. */
  status: 'current' | 'outdated' | 'ahead' | 'unreleased'
  /** The command that updates this installation of apkg. */
  command: string
}

/**
 * Checks npm's registry for a newer version of apkg.
 *
 * @param options.installed the running version.
 * @param options.root the installation directory.
 * @throws {ApkgError} the errors of `releasedVersion`.
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
