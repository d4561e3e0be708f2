import {lstat, stat} from 'node:fs/promises'
import path from 'node:path'

import {failure, isAbsent} from '@apkg/command-kit'

import {readBounded} from '../../files/read-bounded.js'
import {readUnlessAbsent} from '../../files/unless-absent.js'
import {assertMatchable} from './assert-matchable.js'
import {parseGitConfig, type GitConfig} from './git-config.js'
import {GitIndexProblem, parseGitIndex, type TrackedFile} from './git-index.js'
import {readGitFile, unreadable} from './read-git-file.js'

/** The location of a user's own git settings. */
export interface GitUser {
  home: string
  env: NodeJS.ProcessEnv
}

/** A worktree, and what git knows about it. */
export interface GitRepository {
  /** Absolute. */
  worktree: string
  config: GitConfig
  /** By the key of the path in the worktree. Directories with tracked files are `other`, and end with a slash. */
  tracked: ReadonlyMap<string, TrackedFile['kind']>
  /** The contents of `core.excludesFile` and of `.git/info/exclude`, in this order. */
  excludes: string[]
}

/** Bytes. More than a million files. */
const maxIndexSize = 256 * 1024 * 1024

/**
 * Finds the repository whose worktree contains a directory.
 *
 * @param folder absolute.
 * @throws {ApkgError} `FILE_UNREADABLE`.
 */
export async function findRepository(folder: string, user: GitUser | undefined): Promise<GitRepository | undefined> {
  for (let each = folder; ; each = path.dirname(each)) {
    const repository = await repositoryAt(each, folder, user)
    if (repository || path.dirname(each) === each) return repository
  }
}

/**
 * The repository whose worktree is a directory. Like git, it isn't used if it belongs to another user.
 *
 * @param owned a directory whose owner may own the repository too.
 * @throws {ApkgError} `FILE_UNREADABLE`.
 */
export async function repositoryAt(
  worktree: string,
  owned: string,
  user: GitUser | undefined,
): Promise<GitRepository | undefined> {
  const link = path.join(worktree, '.git')
  const found = await stateOf(link)
  if (!found || ![(await stat(owned)).uid, process.getuid?.()].includes(found.uid)) return undefined
  const folder = found.isDirectory() ? link : await linkedFolder(link)
  if (folder === undefined || !(await stateOf(path.join(folder, 'HEAD')))) return undefined
  const common = path.resolve(folder, (await readGitFile(path.join(folder, 'commondir')))?.trim() ?? '.')
  const own = parseGitConfig((await readGitFile(path.join(common, 'config'))) ?? '')
  const config = {...(await configOf(user)), ...own}
  const excludeFile = path.join(common, 'info/exclude')
  const excludes = [await excludesOf(user, config), await readGitFile(excludeFile)]
  assertMatchable(excludes[1] ?? '', excludeFile)
  const tracked = await readIndex(path.join(folder, 'index'), config)
  return {worktree, config, tracked, excludes: excludes.filter((text) => text !== undefined)}
}

/** Paths as git compares them. */
export function keyOf(file: string, {ignoreCase}: GitConfig): string {
  const normalized = file.normalize('NFC')
  return ignoreCase ? normalized.toLowerCase() : normalized
}

function stateOf(file: string) {
  return readUnlessAbsent(file, lstat(file))
}

/** The directory that a `.git` file names, in a submodule or a linked worktree. */
async function linkedFolder(link: string): Promise<string | undefined> {
  const [, written] = /^gitdir: (.+)/.exec((await readGitFile(link)) ?? '') ?? []
  const target = written?.trimEnd()
  return target === undefined || target === '' ? undefined : path.resolve(path.dirname(link), target)
}

async function readIndex(file: string, config: GitConfig): Promise<GitRepository['tracked']> {
  try {
    const files = parseGitIndex(await readBounded(file, maxIndexSize), config.objectFormat === 'sha256' ? 32 : 20)
    return byKey(files, config)
  } catch (error) {
    if (isAbsent(error)) return new Map()
    if (!(error instanceof GitIndexProblem)) throw unreadable(file, error)
    const {message, suggestion} = error
    const suggestions = suggestion === undefined ? {} : {suggestions: [suggestion]}
    throw failure('FILE_UNREADABLE', {path: file, reason: `it ${message}`, ...suggestions}, {cause: error})
  }
}

function byKey(files: readonly TrackedFile[], config: GitConfig): GitRepository['tracked'] {
  const tracked = new Map<string, TrackedFile['kind']>()
  for (const {path: file, kind} of files) {
    const key = keyOf(file, config)
    tracked.set(key, kind)
    for (let end = key.lastIndexOf('/'); end > 0; end = key.lastIndexOf('/', end - 1)) {
      if (tracked.has(key.slice(0, end + 1))) break
      tracked.set(key.slice(0, end + 1), 'other')
    }
  }
  return tracked
}

/** `extensions.objectFormat` is a setting of a repository only. Later files override earlier ones. */
async function configOf(user: GitUser | undefined): Promise<GitConfig> {
  if (!user) return {}
  const texts = [
    await readOfUser(path.join(configFolder(user), 'config')),
    await readOfUser(path.join(user.home, '.gitconfig')),
  ]
  const {objectFormat: _, ...config} = Object.assign(
    {},
    ...texts.map((text) => parseGitConfig(text ?? '')),
  ) as GitConfig
  return config
}

async function excludesOf(user: GitUser | undefined, {excludesFile}: GitConfig): Promise<string | undefined> {
  if (!user) return undefined
  const named = excludesFile?.replace(/^~(?=[/\\])/, user.home) ?? path.join(configFolder(user), 'ignore')
  const text = path.isAbsolute(named) ? await readOfUser(named) : undefined
  assertMatchable(text ?? '', named)
  return text
}

function configFolder({home, env}: GitUser): string {
  return path.join(env['XDG_CONFIG_HOME'] || path.join(home, '.config'), 'git')
}

/** Like git, packing doesn't need the user's settings. A link is followed here. */
async function readOfUser(file: string): Promise<string | undefined> {
  return readBounded(file, 1024 * 1024).then(String, () => undefined)
}
