import path from 'node:path'

import {failure} from '@apkg/command-kit'

import {assertMatchable} from './assert-matchable.js'
import {findRepository, keyOf, repositoryAt, type GitRepository, type GitUser} from './find-repository.js'
import type {TrackedFile} from './git-index.js'
import {GitignoreRules} from './gitignore-rules.js'
import {readGitFile} from './read-git-file.js'

/**
 * The maximum depth of a package in its repository. Matching a path with a rule takes time that grows with its depth.
 */
const maxDepth = 64

/** From paths below the root to paths in a worktree: first a prefix is cut off, then one is added. */
interface Mapping {
  cut: number
  add: string
}

/**
 * What git ignores and tracks below a directory, the root. Paths are relative to it, with forward slashes. As for git, a
 * tracked file is never ignored.
 */
export class GitView {
  readonly #tracked: ReadonlyMap<string, TrackedFile['kind']>

  private constructor(
    private readonly root: string,
    private readonly user: GitUser | undefined,
    private readonly repository: GitRepository | undefined,
    private readonly mapping: Mapping,
    private readonly rules: GitignoreRules,
  ) {
    this.#tracked = repository?.tracked ?? new Map()
  }

  /**
   * The view at the root. Without a repository, only the `.gitignore` files below the root apply.
   *
   * @param root absolute.
   * @param user undefined leaves out the user's own settings of git.
   * @throws {ApkgError} `FILE_UNREADABLE`.
   */
  static async of(root: string, user: GitUser | undefined): Promise<GitView> {
    const alone = new GitView(root, user, undefined, {cut: 0, add: ''}, GitignoreRules.none())
    const repository = await findRepository(root, user)
    if (!repository) return alone
    const below = path.relative(repository.worktree, root).split(path.sep).filter(Boolean)
    if (below.length > maxDepth) {
      const reason = `it is more than ${maxDepth} directories below its git repository`
      throw failure('FILE_UNREADABLE', {
        path: root,
        reason,
        suggestions: ['move the package closer to the root of its repository'],
      })
    }
    let rules = rulesOf(repository)
    for (const depth of below.keys()) {
      const text = await readRules(path.join(repository.worktree, ...below.slice(0, depth), '.gitignore'))
      if (text !== undefined) rules = rules.with(text, below.slice(0, depth).join('/'))
    }
    const add = below.map((each) => `${each}/`).join('')
    const view = new GitView(root, user, repository, {cut: 0, add}, rules)
    // Git says nothing about the files of a package that is generated into an ignored directory.
    return add !== '' && view.ignores('') ? alone : view
  }

  /**
   * This view with the `.gitignore` of a directory. A directory with its own repository has a new view.
   *
   * @param folder empty for the root.
   * @throws {ApkgError} `FILE_UNREADABLE`.
   */
  async within(folder: string): Promise<GitView> {
    const absolute = path.join(this.root, folder)
    const nested = folder === '' ? undefined : await repositoryAt(absolute, this.root, this.user)
    const view = nested
      ? new GitView(this.root, this.user, nested, {cut: folder.length + 1, add: ''}, rulesOf(nested))
      : this
    const text = await readRules(path.join(absolute, '.gitignore'))
    return text === undefined ? view : view.#with(text, folder)
  }

  /** Whether git leaves an entry out. A directory ends with a slash. */
  ignores(entry: string): boolean {
    const mapped = this.#map(entry)
    return (
      mapped !== '' && this.rules.ignores(mapped) && !this.#tracked.has(keyOf(mapped, this.repository?.config ?? {}))
    )
  }

  /** Undefined if git doesn't track the file. */
  kindOf(file: string): TrackedFile['kind'] | undefined {
    return this.#tracked.get(keyOf(this.#map(file), this.repository?.config ?? {}))
  }

  /** Whether the root is in a repository that doesn't ignore it. */
  get hasRepository(): boolean {
    return this.repository !== undefined
  }

  /** Whether the executable bits of the file system mean something to git. */
  get hasFileModes(): boolean {
    return this.repository?.config.fileMode !== false
  }

  #with(text: string, folder: string): GitView {
    const inWorktree = this.#map(folder === '' ? '' : `${folder}/`).replace(/\/$/, '')
    const {root, user, repository, mapping, rules} = this
    return new GitView(root, user, repository, mapping, rules.with(text, inWorktree))
  }

  #map(entry: string): string {
    return this.mapping.add + entry.slice(this.mapping.cut)
  }
}

async function readRules(file: string): Promise<string | undefined> {
  const text = await readGitFile(file)
  if (text !== undefined) assertMatchable(text, file)
  return text
}

function rulesOf({excludes, config}: GitRepository): GitignoreRules {
  return excludes.reduce((rules, text) => rules.with(text), GitignoreRules.none(config.ignoreCase))
}
