import path from 'node:path'

import {manifestFile} from '@apkg/package-format'

import {replaceFile} from '../files/replace-file.js'
import {withMember} from '../project/edit-json.js'
import {PackagesFolder} from '../project/installation/packages-folder.js'
import {withProjectLock} from '../project/installation/project-lock.js'
import {readProject} from '../project/read-project.js'

/**
 * Saves the tools to set up in a project's manifest. The rest of the text does not change.
 *
 * @param project the project's directory, absolute.
 * @throws {ApkgError} `STORE_LOCKED`, `FILE_UNWRITABLE`; the errors of `readProject`.
 */
export async function rememberTools(project: string, names: readonly string[]): Promise<void> {
  await withProjectLock(new PackagesFolder(project), async (lock) => {
    const {text} = await readProject(project)
    lock.assertHeld()
    await replaceFile(path.join(project, manifestFile), withMember(text, 'tools', names))
  })
}
