import type {Ports} from '@apkg/command-kit'
import {isPackageName} from '@apkg/package-format'

import {findProject} from './find-project.js'
import {readProject} from './read-project.js'

/** The name in the project's `apkg.json`; undefined if there is no valid one. */
export async function packageOfProject(ports: Pick<Ports, 'cwd' | 'home'>): Promise<string | undefined> {
  try {
    const {name} = (await readProject(findProject(ports))).manifest
    return isPackageName(name) ? name : undefined
  } catch {
    return undefined
  }
}
