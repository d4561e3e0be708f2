import path from 'node:path'

import {finish, hasCode, type Ports} from '@apkg/command-kit'
import {manifestFile} from '@apkg/package-format'

import {replaceFile} from '../../files/replace-file.js'
import {withMember} from '../../project/edit-json.js'
import type {Project} from '../../project/read-project.js'
import {type GitRelease, ReleaseRepository} from './git-release.js'
import {nextVersion} from './next-version.js'

/** The version that was set. */
export interface VersionChange {
  name: string
  version: string
  /** The version before. */
  previous: string
  /** The git commit and tag; null with `--no-git` and outside a git repository. */
  git: GitRelease | null
}

/**
 * Sets the version in the manifest, and commits and tags it in git. If git refuses, for example because a hook fails or the
 * tag can't be signed, the manifest is restored and nothing is committed.
 *
 * @throws {ApkgError} `USAGE`; `GIT_UNCLEAN`, `GIT_FAILED`, `GIT_UNTAGGED`; `FILE_UNWRITABLE`.
 */
export async function setVersion(
  {folder, manifest, text}: Project,
  wanted: string,
  usesGit: boolean,
  ports: Pick<Ports, 'env' | 'finish'>,
): Promise<VersionChange> {
  const {name, version: previous} = manifest
  const version = nextVersion(previous, wanted)
  const repository = usesGit ? await ReleaseRepository.find(folder, ports.env) : undefined
  const tag = repository?.tagOf({name, version})
  if (repository && tag !== undefined) await repository.assertReady(tag)
  const file = path.join(folder, manifestFile)
  const next = withMember(text, 'version', version)
  if (!repository || tag === undefined) {
    await replaceFile(file, next)
    return {name, version, previous, git: null}
  }
  return finish(ports, async () => {
    await replaceFile(file, next)
    try {
      return {name, version, previous, git: await repository.commit(tag)}
    } catch (error) {
      if (!hasCode(error, 'GIT_UNTAGGED')) await replaceFile(file, text)
      throw error
    }
  })
}
