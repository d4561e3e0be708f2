import {isApkgError, readConfig} from '@apkg/command-kit'

import {PackagesFolder} from '../project/installation/packages-folder.js'
import {readProject} from '../project/read-project.js'
import {chooseTools} from './choose-tools.js'
import type {SetupOptions} from './set-up.js'

/**
 * Whether a project has packages for tools, but no tool was chosen or detected. False if that is unknown, because
 * something can't be read.
 */
export async function lacksTools({
  project,
  home,
  selection,
  more,
}: Pick<SetupOptions, 'project' | 'home' | 'selection' | 'more'>): Promise<boolean> {
  try {
    const user = (await readConfig(home)).defaultSetup ?? {}
    const {tools} = (await readProject(project)).manifest
    if (!chooseTools(selection, {project: tools, user}, project, more).isFallback) return false
    return await hasDefinitions(new PackagesFolder(project), home)
  } catch (error) {
    if (isApkgError(error)) return false
    throw error
  }
}

/** Whether one of the installed packages has a type that tools read, or one is linked. */
async function hasDefinitions(folder: PackagesFolder, home: string): Promise<boolean> {
  const {packages, links} = await folder.readLedger(home)
  // A linked package is under development, and may not have its definition yet.
  if (links.size > 0) return true
  if (packages.size === 0) return false
  const {readSetUpPackage} = await import('./set-up-package.js')
  for (const each of packages.values()) {
    const {setUp} = await readSetUpPackage(folder.packagePath(each.name), each)
    if (setUp && 'definitions' in setUp) return true
  }
  return false
}
