import {realpath, symlink} from 'node:fs/promises'
import path from 'node:path'

import {failure} from '../failures.js'
import {assertReplaceable} from '../installation/assert-replaceable.js'

import type {LinkedPackage} from '../installation/linked-packages.js'
import {PackagesFolder} from '../installation/packages-folder.js'
import {withProjectLock} from '../installation/project-lock.js'
import {withStaging} from '../installation/staging.js'
import {writeInstallation} from '../installation/write-installation.js'
import {readProject} from '../read-project.js'
import type {PackageFolder} from './package-folder.js'

/** A package that was linked. */
export interface CreatedLink extends LinkedPackage {
  /** Where the link is, absolute. */
  location: string
}

/**
 * Links a package to a local directory, replacing an installed package. Manifest and lockfile do not change. See
 * `writeInstallation` for the order of writes.
 *
 * @param project the project's directory, absolute.
 * @param home the user's home directory.
 * @throws {ApkgError} `LINK_TO_ITSELF`, `FOLDER_UNMANAGED`, `FILE_UNWRITABLE`, `STORE_LOCKED`; the errors of
 *   `readProject`.
 */
export async function linkPackage(
  {name, path: target}: PackageFolder,
  {project, home}: {project: string; home: string},
): Promise<CreatedLink> {
  await readProject(project)
  const folder = new PackagesFolder(project)
  await withProjectLock(folder, async (lock) => {
    await assertOutside(target, project, folder)
    const before = await folder.readLedger(home)
    folder.assertReal([name], before.links)
    const isManaged = before.packages.has(name) || before.changing.has(name) || before.links.has(name)
    if (!isManaged) await assertReplaceable(folder, [name])
    const packages = new Map([...before.packages].filter(([each]) => each !== name))
    const changing = new Set([...before.changing].filter((each) => each !== name))
    const links = new Set([...before.links, name])
    await withStaging(folder, async (staging) => {
      const link = staging.nextPath()
      // On Windows, links need a privilege and junctions do not; other systems ignore the type.
      await symlink(target, link, 'junction')
      lock.assertHeld()
      await writeInstallation(folder, staging, home, {
        before,
        after: {basis: before.basis, packages, changing, links},
        replacements: [{name, staged: link}],
        commit: () => Promise.resolve(),
      })
    })
  })
  return {name, path: target, location: folder.packagePath(name)}
}

/** A link to the project itself would be endless, and one to an installed package would replace its own target. */
async function assertOutside(target: string, project: string, {root}: PackagesFolder): Promise<void> {
  const packages = await realpath(root)
  const isInstalled = target === packages || target.startsWith(packages + path.sep)
  if (isInstalled || target === (await realpath(project))) throw failure('LINK_TO_ITSELF', {path: target})
}
