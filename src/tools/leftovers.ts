import {readdirSync} from 'node:fs'
import path from 'node:path'

import type {LeftFile} from './write-tool-files.js'
import {flatName} from './flat-name.js'
import {toolTraits} from './tool-traits.js'

/** Codex and others read skills there, too. */
const sharedFolder = '.agents'

const reason = 'nothing says that apkg wrote it'

/**
 * Files and folders of tools that are called as those of packages that the project has no longer. The ledger of what apkg
 * wrote lies in `apkg_packages`: where that was deleted they are nobody's, and tools go on loading them.
 *
 * @param project the project's folder, absolute.
 * @param packages names.
 */
export function findLeftovers(project: string, packages: readonly string[]): LeftFile[] {
  const folders = [...Object.values(toolTraits).map(({folder}) => folder), sharedFolder]
  const places = folders.flatMap((folder) => namesIn(project, folder).map((name) => `${folder}/${name}`))
  const found = places.flatMap((place) => namesIn(project, place).map((name) => ({name, path: `${place}/${name}`})))
  return packages.flatMap((name) =>
    found
      .filter((each) => isOf(flatName(name), each.name))
      .map((each) => ({path: each.path, package: name, reason, isOrphan: true})),
  )
}

/** What was left, and strays of which nothing was told yet. */
export function withLeftovers(left: LeftFile[], strays: readonly LeftFile[]): LeftFile[] {
  const isTold = (stray: LeftFile) =>
    left.some(({path: file}) => file === stray.path || file.startsWith(`${stray.path}/`))
  return [...left, ...strays.filter((stray) => !isTold(stray))]
}

/** Whether a file or folder is called as the only definition of a package, or as one of several: see `definitionNames`. */
function isOf(flat: string, name: string): boolean {
  return name === flat || name.startsWith(`${flat}.`) || name.startsWith(`${flat}--`)
}

function namesIn(project: string, folder: string): string[] {
  try {
    return readdirSync(path.join(project, folder)).sort()
  } catch {
    return []
  }
}
