import type {Dirent} from 'node:fs'
import {readdir} from 'node:fs/promises'
import path from 'node:path'

import {printable, errorReason} from '@apkg/command-kit'
import {defaultLimits, type Manifest} from '@apkg/package-format'
import {repositoryAtRoot, toolConfigurationIn} from '@apkg/package-format/conversion'

import {failure} from '../failures.js'
import {readPlacedPaths} from '../../tools/setup-ledger.js'
import type {GitUser} from '../git/find-repository.js'
import {GitView} from '../git/git-view.js'
import {IgnoreRules} from './ignore-rules.js'
import {NamedFiles} from './named-files.js'

/** A file or directory of the project that is not packed. */
export interface SkippedFile {
  /** Path within the package, with forward slashes. A directory ends with a slash. */
  path: string
  /**
   * `secret`: its name suggests a secret. `tool-configuration`: a tool or git would read it as configuration. `git`: git
   * ignores it. `created-by-apkg`: apkg created it when it set up tools.
   */
  reason: 'secret' | 'tool-configuration' | 'git' | 'created-by-apkg'
}

/** A file to pack. */
export interface CollectedFile {
  /** Relative to the directory, with forward slashes. */
  path: string
  /** Whether git tracks it as executable; undefined if git doesn't track it. */
  isExecutable: boolean | undefined
  /** Whether the file system's executable bit means something to git. */
  hasMode: boolean
}

export interface Collection {
  files: CollectedFile[]
  /** Files and directories that a user may expect in the package. Those that `.apkgignore` lists are not among them. */
  skipped: SkippedFile[]
  /** Patterns of `files` in the manifest that match nothing. */
  unusedNames: string[]
}

/** What decides which files of a project are packed. */
export interface PackingRules extends Pick<Manifest, 'type' | 'files'> {
  /** Undefined leaves out the user's own settings of git. */
  user?: GitUser | undefined
}

/** How the contents of a directory are treated. */
interface FolderRules {
  own: IgnoreRules
  git: GitView
}

/**
 * Finds the files of a project that are packed.
 *
 * @throws {ApkgError} `PACKAGE_NOT_PACKABLE` with everything that is neither a file nor a directory, has a name that isn't
 *   UTF-8, is too deep, or configures a tool below the root, or with patterns that could take too long to match;
 *   `FILE_UNREADABLE`.
 */
export async function collectFiles(root: string, {type, files: names, user}: PackingRules): Promise<Collection> {
  const files: CollectedFile[] = []
  const skipped: SkippedFile[] = []
  const problems: string[] = []
  const named = new NamedFiles(names)
  const placed = await readPlacedPaths(root)

  async function visit(folder: string, outer: FolderRules): Promise<void> {
    const rules = {own: await outer.own.within(root, folder), git: await outer.git.within(folder)}
    for (const entry of await entriesOf(path.join(root, folder))) {
      const file = folder === '' ? entry.name : `${folder}/${entry.name}`
      const shown = entry.isDirectory() ? `${file}/` : file
      const decision = decide(shown, rules)
      if (decision === 'left-out') continue
      if (decision !== 'packed') skipped.push({path: shown, reason: decision})
      else if (entry.isDirectory() && isTooDeep(file)) problems.push(tooDeep(file))
      else if (entry.isDirectory()) await visit(file, rules)
      else add(entry, file, rules.git)
    }
  }

  function decide(entry: string, {own, git}: FolderRules): 'packed' | 'left-out' | SkippedFile['reason'] {
    const inclusion = own.inclusionOf(entry)
    if (inclusion === 'ignored') return 'left-out'
    if (inclusion === 'withheld') return 'secret'
    if (inclusion === 'required') return 'packed'
    if (configuresTool(entry, type)) return 'tool-configuration'
    if (placed.has(entry)) return 'created-by-apkg'
    const isNamed = entry.endsWith('/') ? named.mayNameWithin(entry.slice(0, -1)) : named.names(entry)
    if (isNamed) return 'packed'
    if (named.isGiven) return 'left-out'
    return git.ignores(entry) ? 'git' : 'packed'
  }

  function add(entry: Dirent, file: string, git: GitView): void {
    const kind = git.kindOf(file)
    const problem = kind === 'other' ? 'is a symbolic link in git' : problemOf(entry)
    if (problem !== undefined) problems.push(`${printable(file)} ${problem}`)
    else {
      const isExecutable = kind === undefined ? undefined : kind === 'executable'
      files.push({path: file, isExecutable, hasMode: git.hasFileModes})
    }
    if (files.length > defaultLimits.files) throw tooMany(file)
  }

  await visit('', {own: IgnoreRules.defaults(), git: await GitView.of(root, user)})
  const repository = new Set(repositoryAtRoot(files.map((file) => file.path)))
  for (const entry of new Set([...repository].map(entryAtRoot))) {
    skipped.push({path: entry, reason: 'tool-configuration'})
  }
  const packed = files.filter((file) => !repository.has(file.path))
  problems.push(...nestedConfiguration(packed, type))
  if (problems.length > 0) throw failure('PACKAGE_NOT_PACKABLE', {problems})
  return {files: packed, skipped, unusedNames: named.unused}
}

/** The entry of the project's directory that a file is or lies in. A directory ends with a slash. */
function entryAtRoot(file: string): string {
  const [name = '', ...below] = file.split('/')
  return below.length === 0 ? name : `${name}/`
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    const entries = await readdir(folder, {withFileTypes: true})
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch (error) {
    throw failure('FILE_UNREADABLE', {path: folder, reason: errorReason(error)}, {cause: error})
  }
}

/** Whether an entry at the root is configuration of a tool. Below it, such files are refused instead. */
function configuresTool(entry: string, type: string): boolean {
  const [name = '', ...below] = entry.split('/')
  if (below.length > 1 || (below.length === 1 && below[0] !== '')) return false
  return toolConfigurationIn([below.length === 1 ? `${name}/file` : name], type).top.length > 0
}

const maxListed = 10

function nestedConfiguration(files: readonly CollectedFile[], type: string): string[] {
  const {nested} = toolConfigurationIn(
    files.map((file) => file.path),
    type,
  )
  const rest = nested.length - maxListed
  const listed = nested
    .slice(0, maxListed)
    .map((each) => `${printable(each)} would be read as configuration by a tool or by git`)
  return rest > 0 ? [...listed, `and ${rest} more files like this`] : listed
}

function problemOf(entry: Dirent): string | undefined {
  // Node replaces invalid bytes with this character.
  if (entry.name.includes('\uFFFD')) return 'has a name that is not valid UTF-8'
  if (entry.isSymbolicLink()) return 'is a symbolic link'
  if (!entry.isFile() && !entry.isDirectory()) return 'is neither a file nor a directory'
  return undefined
}

/** Whether every file in a directory would be too deep. Rules take longer to match deeper paths, so it isn't entered. */
function isTooDeep(folder: string): boolean {
  return folder.split('/').length > defaultLimits.depth
}

function tooDeep(folder: string): string {
  return `${printable(folder)} is more than ${defaultLimits.depth} directories deep`
}

function tooMany(last: string) {
  const problem = `the package exceeds the maximum of ${defaultLimits.files} files (at ${printable(last)})`
  return failure('PACKAGE_NOT_PACKABLE', {problems: [problem]})
}
