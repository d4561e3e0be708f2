import {realpath} from 'node:fs/promises'
import path from 'node:path'

import {isApkgError, printable} from '@apkg/command-kit'
import {manifestFile} from '@apkg/package-format'
import {
  compareFindings,
  definitionPlaces,
  finding,
  lintTree,
  rootContaining,
  type Finding,
  type Severity,
} from '@apkg/package-format/lint'

import {readProject, type Project} from '../../project/read-project.js'
import {failure} from '../failures.js'
import {findRepository, type GitUser} from '../git/find-repository.js'
import {collectFiles} from '../packing/collect-files.js'
import {packageFindings} from '../packing/package-findings.js'
import {readFiles} from '../packing/read-files.js'
import {manifestFindings, positionOf} from './manifest-findings.js'
import {secretFindings} from './secret-findings.js'
import {readTreeFile, treePaths} from './tree-files.js'

/** What was checked, and what was found. */
export interface LintResult {
  /** Absolute path of the directory. */
  directory: string
  /** `package`: as tools would get it from apkg. `directory`: the definitions in it, as they are. */
  kind: 'package' | 'directory'
  /** Problems, in the order of paths and lines. */
  findings: LintFinding[]
  /** Number of findings by severity. */
  totals: {errors: number; warnings: number; notes: number}
}

/** A problem in a file. */
export interface LintFinding {
  /** ID of the rule, such as `description-missing`. */
  rule: string
  severity: Severity
  /** Relative to `directory`, with forward slashes. */
  path: string
  /** From 1. 1 if the problem affects the complete file. */
  line: number
  /** From 1, in Unicode code points. */
  column: number
  /** What is wrong. */
  message: string
}

/**
 * Checks a package as `apkg pack` does, or the definitions in any other directory. Needs no network.
 *
 * @param folder absolute.
 * @throws {ApkgError} `LINT_NOTHING`; `MANIFEST_INVALID`, `PACKAGE_NOT_PACKABLE`, `FILE_UNREADABLE`.
 */
export async function lintFolder(folder: string, user: GitUser): Promise<LintResult> {
  const project = await projectIn(folder)
  const isPackage = project !== undefined && project.manifest.type !== 'project'
  const found = isPackage ? await lintProject(project, user) : await lintDirectory(folder, user)
  const findings = found.sort(compareFindings).map((each) => ({...each, message: printable(each.message)}))
  const count = (wanted: Severity) => findings.filter(({severity}) => severity === wanted).length
  return {
    directory: folder,
    kind: isPackage ? 'package' : 'directory',
    findings,
    totals: {errors: count('error'), warnings: count('warning'), notes: count('note')},
  }
}

/** The root of the git repository that a directory is in; the directory itself without one. */
export async function sourceRoot(folder: string, user: GitUser): Promise<string> {
  return (await findRepository(folder, user))?.worktree ?? folder
}

/** Undefined if there is no `apkg.json`. */
async function projectIn(folder: string): Promise<Project | undefined> {
  try {
    return await readProject(folder)
  } catch (error) {
    if (isApkgError(error) && error.code === 'MANIFEST_NOT_FOUND') return undefined
    throw error
  }
}

async function lintProject(project: Project, user: GitUser): Promise<Finding[]> {
  const {folder, manifest, text} = project
  const {files: collected, unusedNames} = await collectFiles(folder, {...manifest, user})
  const {files, notExecutableInGit} = await readFiles(folder, collected)
  return [
    ...(await manifestFindings(project)),
    ...(await packageFindings(manifest, files)),
    ...(await secretFindings(files)),
    ...unusedNames.map((name) =>
      finding(
        'files-unmatched',
        manifestFile,
        `\`${name}\` in \`files\` does not match any file`,
        positionOf('`files`', text),
      ),
    ),
    ...notExecutableInGit.map((file) =>
      finding(
        'executable-bit-missing',
        file,
        'Executable on disk, but not in git, so it is packed without its executable bit. Run `git add --chmod=+x` on it',
      ),
    ),
  ]
}

async function lintDirectory(folder: string, user: GitUser): Promise<Finding[]> {
  const paths = await treePaths(folder, user)
  const places = definitionPlaces(paths)
  if (places.length === 0) throw failure('LINT_NOTHING', {folder})
  const roots = new Set(places.map(({root}) => root))
  const files = []
  for (const file of paths) {
    const isRead = rootContaining(file, roots) !== undefined
    files.push(isRead ? await readTreeFile(folder, file) : {path: file, content: Buffer.alloc(0), isExecutable: false})
  }
  // A checkout can have any name.
  const real = await realpath(folder)
  const isCheckout = (await findRepository(real, user))?.worktree === real
  const findings = lintTree(places, files, isCheckout ? undefined : path.basename(real))
  return [...findings, ...(await secretFindings(files.filter(({content}) => content.length > 0)))]
}
