import {copyFile, mkdir} from 'node:fs/promises'
import path from 'node:path'

/**
 * Returns a function that creates the directory for a case: a copy of some files of a project, with the project's cache or
 * with an empty one. Nothing is deleted between cases, because some file systems create files slowly for seconds after a
 * deletion.
 *
 * @param project absolute; its cache is beside it, with `-cache` at the end of its name
 */
export function places(project, files) {
  let count = 0
  return async ({cold = false} = {}) => {
    const place = `${project}-${++count}`
    await mkdir(place)
    for (const file of files) await copyFile(path.join(project, file), path.join(place, file))
    return {place, cache: `${cold ? place : project}-cache`}
  }
}
