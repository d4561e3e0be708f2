import path from 'node:path'

import {errorReason, failure, isAbsent, temporarySuffix} from '@apkg/command-kit'
import ignore from 'ignore'

import {readBounded} from '../../files/read-bounded.js'
import {realPathWithin} from '../../files/real-path-within.js'
import {UnusableFile} from '../../files/unusable-file.js'
import {assertMatchable} from '../git/assert-matchable.js'
import {GitignoreRules} from '../git/gitignore-rules.js'

/** Lists files that aren't packed, in the syntax of `.gitignore`. Any directory can have one. */
const ignoreFile = '.apkgignore'

/** Bytes. */
const maxRulesSize = 1024 * 1024

/** Ignored unless a rule of the project includes it again. */
const defaults = ['/target/', '*.tar.zst', ignoreFile, '.DS_Store', 'Thumbs.db', '.hg/', '.svn/', '*.swp', '*~']

/** Generated or private to a checkout. Never packed, no matter what the rules say. */
const neverPacked = ignore({ignorecase: true}).add([
  ...['.git', 'node_modules', 'apkg_packages', 'apkg-lock.json', `*${temporarySuffix}`],
])

/** Names of files that usually contain secrets. They are never packed either. */
const secretFiles = ignore({ignorecase: true}).add([
  ...['.env*', '.apkg', '.ssh', '.gnupg', '.aws', '.azure', '.npmrc', '.yarnrc', '.yarnrc.yml', '.pypirc', '.netrc'],
  ...['_netrc', '.pgpass', '.gitconfig'],
  ...['.my.cnf', '.mylogin.cnf', '.git-credentials', '.htpasswd', '.dockercfg', '.vault-token', '.s3cfg', '.boto'],
  ...['**/.docker/config.json', '**/.kube/config', '**/.cargo/credentials*', '**/.gem/credentials'],
  ...['**/.composer/auth.json', '**/.config/gcloud', '**/.config/gh/hosts.yml', '**/.claude/settings.local.json'],
  ...['.terraformrc', '*.tfstate', '*.tfstate.backup', '.*_history'],
  ...['*.pem', '*.key', '*.p12', '*.pfx', '*.ppk', '*.jks', '*.keystore', '*.kdbx'],
  ...['id_rsa*', 'id_dsa*', 'id_ecdsa*', 'id_ed25519*'],
  // Templates only name the variables. Like all files, they are searched for tokens.
  ...['!.env.example', '!.env.sample', '!.env.template'],
])

/** Top-level files that are packed no matter what the rules say. */
const alwaysPacked = /^(apkg\.json|readme(\.(md|txt))?|licen[cs]e(\.(md|txt))?)$/i

/** `required`: packed no matter what rules say. `withheld`: skipped only because of its name, not by a rule. */
export type Inclusion = 'required' | 'packed' | 'ignored' | 'withheld'

/** Decides which files are packed by their names and `.apkgignore`. As in git, inner rules override outer ones. */
export class IgnoreRules {
  private constructor(private readonly rules: GitignoreRules) {}

  static defaults(): IgnoreRules {
    return new IgnoreRules(GitignoreRules.none().with(defaults.join('\n')))
  }

  /**
   * These rules, followed by those of another directory.
   *
   * @param root absolute. @param folder relative to the root, with forward slashes; empty for the root.
   * @throws {ApkgError} `FILE_UNREADABLE`.
   */
  async within(root: string, folder: string): Promise<IgnoreRules> {
    const text = await readRules(root, path.join(root, folder, ignoreFile))
    if (text === undefined) return this
    assertMatchable(text, path.join(root, folder, ignoreFile))
    return new IgnoreRules(this.rules.with(text, folder))
  }

  /** @param entry relative to the root, with forward slashes. A directory ends with a slash. */
  inclusionOf(entry: string): Inclusion {
    if (neverPacked.ignores(entry)) return 'ignored'
    const isRequired = alwaysPacked.test(entry)
    const isIgnored = this.rules.ignores(entry) && !isRequired
    if (secretFiles.ignores(entry)) return isIgnored ? 'ignored' : 'withheld'
    if (isRequired) return 'required'
    return isIgnored ? 'ignored' : 'packed'
  }
}

async function readRules(root: string, file: string): Promise<string | undefined> {
  try {
    return (await readBounded(await realPathWithin(root, file), maxRulesSize)).toString('utf8')
  } catch (error) {
    if (isAbsent(error)) return undefined
    const reason = error instanceof UnusableFile ? error.message : errorReason(error)
    throw failure('FILE_UNREADABLE', {path: file, reason}, {cause: error})
  }
}
