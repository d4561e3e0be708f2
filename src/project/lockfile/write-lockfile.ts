import path from 'node:path'

import {manifestFile} from '@apkg/package-format'

import {lockfileName} from '../../catalog/lockfile/lockfile.js'
import {replaceFiles} from '../../files/replace-files.js'

/** A file's text before and after; undefined if it does not exist. */
interface TextChange {
  before: string | undefined
  after: string | undefined
}

/**
 * Writes a project's lockfile, then its manifest, if they change. If the manifest cannot be written, the lockfile is
 * restored.
 *
 * @param project the project's directory, absolute.
 * @throws {ApkgError} `FILE_UNWRITABLE`.
 */
export function writeLockfileAndManifest(
  project: string,
  {lockfile, manifest}: {lockfile: TextChange; manifest: TextChange},
): Promise<void> {
  return replaceFiles([
    {file: path.join(project, lockfileName), ...lockfile},
    {file: path.join(project, manifestFile), ...manifest},
  ])
}
