import {existsSync} from 'node:fs'

import {isApkgError, isInteractive, success, type Ports} from '@apkg/command-kit'

import {PackagesFolder} from '../project/installation/packages-folder.js'
import {ignorePackages, packagesInGit} from '../publish/git/ignore-packages.js'
import {isCi} from './is-ci.js'

/** What happened to `.gitignore`. */
export interface IgnoredPackages {
  /** Absolute path of the `.gitignore` that was changed or created. */
  file?: string
  /** One sentence. */
  note?: string
  /** Why it was not changed, one sentence. */
  warning?: string
}

/**
 * Adds `apkg_packages/` to the project's `.gitignore` if it's in a git repository that doesn't ignore it.
 *
 * @param isWanted whether the user asked for it with a flag. Otherwise asks on a terminal, but not in CI.
 */
export async function askToIgnorePackages(
  project: string,
  isWanted: boolean,
  ports: Pick<Ports, 'stdin' | 'stderr' | 'prompts' | 'env' | 'home'>,
): Promise<IgnoredPackages> {
  const isAsked = isInteractive(ports) && !isCi(ports.env) && existsSync(new PackagesFolder(project).root)
  if (!isWanted && !isAsked) return {}
  try {
    const state = await packagesInGit(project, ports)
    if (isWanted && state === 'none') return {warning: `.gitignore was not changed: ${noRepository}`}
    if (isWanted && state === 'tracked') return {warning: `.gitignore was not changed: ${tracked}`}
    if (state !== 'untracked') return {}
    const message = 'Add apkg_packages/ to .gitignore?'
    if (!isWanted && !(await ports.prompts.confirm({message, default: true}))) return {}
    const file = await ignorePackages(project, ports)
    return file === undefined ? {} : {file, note: success('Added apkg_packages/ to .gitignore')}
  } catch (error) {
    if (!isApkgError(error) || error.code === 'INTERRUPTED') throw error
    return {warning: `apkg_packages/ was not added to .gitignore: ${error.message}`}
  }
}

const noRepository = 'the project is not in a git repository, or is itself ignored by git'
const tracked = 'files in apkg_packages are committed. To untrack them, run `git rm -r --cached apkg_packages` first'
