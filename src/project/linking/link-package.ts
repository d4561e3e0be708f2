import {realpath, symlink} from 'node:fs/promises'
import path from 'node:path'

import {failure} from '../failures.js'
import {assertReplaceable} from '../installation/assert-replaceable.js'
import {change} from '../installation/write-installation.js'
import {readLedgerKey} from '../installation/ledger-key.js'
import {readLedger} from '../installation/ledger.js'
import type {LinkedPackage} from '../installation/linked-packages.js'
import {PackagesFolder} from '../installation/packages-folder.js'
import {withProjectLock} from '../installation/project-lock.js'
import {withStaging} from '../installation/staging.js'
import {readProject} from '../read-project.js'
import type {PackageFolder} from './package-folder.js'

/** A package that was linked, and where its link is, absolute. */
export interface CreatedLink extends LinkedPackage {
  location: string
}

/**
 * Puts a link to a folder into the place of a package, also of an installed one. Manifest and lockfile stay as they are.
 * The order of writes is that of `change`.
 *
 * @param project the project's folder, absolute.
 * @param home the user's home directory.
 * @throws {ApkgError} `LINK_TO_ITSELF`, `FOLDER_UNMANAGED`, `FILE_UNWRITABLE`, `STORE_LOCKED`; what `readProject` throws.
 */
export async function linkPackage(
  {name, path: target}: PackageFolder,
  {project, home}: {project: string; home: string},
): Promise<CreatedLink> {
  await readProject(project)
  const folder = new PackagesFolder(project)
  await withProjectLock(folder, async (lock) => {
    await assertElsewhere(target, project, folder)
    const before = await readLedger(folder.ledger, await readLedgerKey(home))
    folder.assertReal([name], before.links)
    const isOurs = before.packages.has(name) || before.changing.has(name) || before.links.has(name)
    if (!isOurs) await assertReplaceable(folder, [name])
    const packages = new Map([...before.packages].filter(([each]) => each !== name))
    const changing = new Set([...before.changing].filter((each) => each !== name))
    const links = new Set([...before.links, name])
    await withStaging(folder, async (staging) => {
      const link = staging.place()
      // Windows lets everybody make junctions, and only some make links; elsewhere the type says nothing.
      await symlink(target, link, 'junction')
      lock.assertHeld()
      await change(folder, staging, home, {
        before,
        after: {basis: before.basis, packages, changing, links},
        replacements: [{name, staged: link}],
        commit: () => Promise.resolve(),
      })
    })
  })
  return {name, path: target, location: folder.packagePath(name)}
}

/** A link to the project would have no end, and one to an installed package would take that package's own place. */
async function assertElsewhere(target: string, project: string, {root}: PackagesFolder): Promise<void> {
  const packages = await realpath(root)
  const isInstalled = target === packages || target.startsWith(packages + path.sep)
  if (isInstalled || target === (await realpath(project))) throw failure('LINK_TO_ITSELF', {path: target})
}
