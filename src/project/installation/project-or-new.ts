import path from 'node:path'

import {hasCode} from '@apkg/command-kit'
import {manifestFile} from '@apkg/package-format'

import {statOf} from '../../files/stat-of.js'
import {projectOf, readProject, type Project} from '../read-project.js'
import type {InstallContext} from './install-context.js'

/**
 * The project, or a new one if the context can create its manifest. Nothing is written.
 *
 * @throws {ApkgError} the errors of `readProject`.
 */
export async function projectOrNew({
  project,
  newManifest,
}: Pick<InstallContext, 'project' | 'newManifest'>): Promise<Project> {
  try {
    return await readProject(project)
  } catch (error) {
    // A link that points nowhere isn't replaced.
    const isAbsent = hasCode(error, 'MANIFEST_NOT_FOUND') && !statOf(path.join(project, manifestFile))
    if (!isAbsent || !newManifest) throw error
    return {...projectOf(project, await newManifest()), isNew: true}
  }
}
