import {execFile} from 'node:child_process'
import path from 'node:path'

import {manifestFile} from '@apkg/package-format'

import {withoutSecrets} from '@apkg/command-kit/secret-variables'
import {failure} from '../failures.js'

/** A commit and a tag that git made for a new version. */
export interface GitRelease {
  /** Hash of the commit. */
  commit: string
  tag: string
}

/** The git repository that a package is in. Runs the user's git, so its hooks and signing settings apply. */
export class ReleaseRepository {
  private constructor(
    private readonly folder: string,
    private readonly env: NodeJS.ProcessEnv,
    private readonly isAtRoot: boolean,
  ) {}

  /** @returns undefined outside a repository and if git isn't installed */
  static async find(folder: string, env: NodeJS.ProcessEnv): Promise<ReleaseRepository | undefined> {
    const found = await git(folder, env, ['rev-parse', '--show-prefix'])
    return 'output' in found ? new ReleaseRepository(folder, env, found.output === '') : undefined
  }

  /** In a repository with several packages, the tag contains the name. */
  tagOf({name, version}: {name: string; version: string}): string {
    return this.isAtRoot ? `v${version}` : `${name}@${version}`
  }

  /**
   * Untracked files don't matter, because they aren't committed.
   *
   * @throws {ApkgError} `GIT_UNCLEAN`, `GIT_FAILED`, before anything is written.
   */
  async assertReady(tag: string): Promise<void> {
    const changes = await this.#run('status', '--porcelain', '--untracked-files=no')
    if (changes !== '') throw failure('GIT_UNCLEAN', {changes: changes.split('\n').map((line) => line.trim())})
    const existing = await this.#run('tag', '--list', tag)
    if (existing !== '') throw failure('GIT_FAILED', {reason: `the tag ${tag} already exists`})
  }

  /**
   * Commits the manifest and tags the commit. If git can't do both, neither remains.
   *
   * @throws {ApkgError} `GIT_FAILED`; `GIT_UNTAGGED` if the commit couldn't be undone.
   */
  async commit(tag: string): Promise<GitRelease> {
    const before = await this.#try('rev-parse', '--verify', '--quiet', 'HEAD')
    let commit: string
    try {
      await this.#run('add', '--', manifestFile)
      await this.#run('commit', '--quiet', '--message', tag, '--', manifestFile)
      commit = await this.#run('rev-parse', '--verify', 'HEAD')
    } catch (error) {
      await this.#try('reset', '--quiet', '--', manifestFile)
      throw error
    }
    const tagged = await git(this.folder, this.env, ['tag', '--annotate', tag, commit, '--message', tag])
    if ('output' in tagged) return {commit, tag}
    if (!(await this.#undo(commit, before))) throw failure('GIT_UNTAGGED', {commit, tag, reason: tagged.problem})
    throw failure('GIT_FAILED', {reason: tagged.problem})
  }

  /** Moves the branch back, unless something else has moved it in the meantime. The manifest itself isn't touched. */
  async #undo(commit: string, before: string | undefined): Promise<boolean> {
    const move = before === undefined ? ['-d', 'HEAD', commit] : ['HEAD', before, commit]
    const isUndone = (await this.#try('update-ref', ...move)) !== undefined
    if (isUndone) await this.#try('reset', '--quiet', '--', manifestFile)
    return isUndone
  }

  async #try(...args: string[]): Promise<string | undefined> {
    const done = await git(this.folder, this.env, args)
    return 'output' in done ? done.output : undefined
  }

  async #run(...args: string[]): Promise<string> {
    const done = await git(this.folder, this.env, args)
    if ('output' in done) return done.output
    throw failure('GIT_FAILED', {reason: done.problem})
  }
}

function git(folder: string, env: NodeJS.ProcessEnv, args: string[]): Promise<{output: string} | {problem: string}> {
  return new Promise((resolve) => {
    const options = {cwd: path.resolve(folder), env: withoutSecrets(env), windowsHide: true}
    execFile('git', args, options, (error, stdout, stderr) => {
      const problem = stderr.trim() || (error?.message ?? '')
      resolve(error ? {problem} : {output: stdout.trimEnd()})
    })
  })
}
