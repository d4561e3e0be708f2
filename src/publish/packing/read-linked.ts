import {isApkgError} from '@apkg/command-kit'

import {readProject} from '../../project/read-project.js'
import type {ReadLinked} from '../../tools/linked-content.js'
import type {GitUser} from '../git/find-repository.js'
import {collectFiles} from './collect-files.js'
import {readFiles} from './read-files.js'

/** Reads the files of a linked package that would be packed, so that tools get what users of the package will get. */
export function linkedPackageReader(user: GitUser): ReadLinked {
  return async ({path: folder}) => {
    try {
      const {manifest} = await readProject(folder)
      const {files} = await readFiles(folder, (await collectFiles(folder, {...manifest, user})).files)
      return {version: manifest.version, files}
    } catch (error) {
      if (isApkgError(error)) return {problem: error.message}
      throw error
    }
  }
}
