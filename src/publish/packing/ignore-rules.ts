import path from 'node:path'

import {failure, isAbsent, errorReason} from '@apkg/command-kit'
import ignore, {type Ignore} from 'ignore'

import {readBounded} from '../../files/read-bounded.js'
import {realPathWithin} from '../../files/real-path-within.js'
import {temporarySuffix} from '../../files/replace-file.js'
import {UnusableFile} from '../../files/unusable-file.js'

/** Lists files that aren't packed, in the syntax of `.gitignore`. Any folder can have one. */
const ignoreFile = '.apkgignore'

/** Bytes. */
const maxRulesSize = 1024 * 1024

/** Ignored unless a rule of the project includes it again. */
const defaults = ['/target/', '*.tar.zst', ignoreFile, '.DS_Store', 'Thumbs.db', '.hg/', '.svn/', '*.swp', '*~']

/** Never packed, no matter what the rules say. */
const neverPacked = ignore({ignorecase: true}).add(['.git', 'node_modules', 'apkg_packages', `*${temporarySuffix}`])

/** Names of files that usually contain secrets. They are never packed either. */
const secretFiles = ignore({ignorecase: true}).add([
  ...['.env*', '.apkg', '.ssh', '.gnupg', '.aws', '.npmrc', '.pypirc', '.netrc', '_netrc', '.git-credentials'],
  ...['*.pem', '*.key', '*.p12', '*.pfx', '*.ppk', '*.jks', '*.keystore', '*.kdbx'],
  ...['id_rsa', 'id_dsa', 'id_ecdsa', 'id_ecdsa_sk', 'id_ed25519', 'id_ed25519_sk'],
])

/** Top-level files that are packed no matter what the rules say. */
const alwaysPacked = /^(apkg\.json|readme(\.(md|txt))?|licen[cs]e(\.(md|txt))?)$/i

/** `withheld`: skipped only because of its name, not by a rule. */
export type Inclusion = 'packed' | 'ignored' | 'withheld'

/** Decides which files are packed. As in git, the rules of an inner folder override those of outer ones. */
export class IgnoreRules {
  private constructor(private readonly rules: Ignore) {}

  static defaults(): IgnoreRules {
    return new IgnoreRules(ignore({ignorecase: false}).add(defaults))
  }

  /**
   * These rules, followed by those of another folder.
   *
   * @param root absolute. @param folder relative to the root, with forward slashes; empty for the root.
   * @throws {ApkgError} `FILE_UNREADABLE`.
   */
  async within(root: string, folder: string): Promise<IgnoreRules> {
    const text = await readRules(root, path.join(root, folder, ignoreFile))
    if (text === undefined) return this
    const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
    assertMatchable(lines, path.join(root, folder, ignoreFile))
    const rules = folder === '' ? lines : lines.flatMap((line) => below(folder, line))
    return new IgnoreRules(ignore({ignorecase: false}).add(this.rules).add(rules))
  }

  /** @param entry relative to the root, with forward slashes. A folder ends with a slash. */
  inclusionOf(entry: string): Inclusion {
    if (neverPacked.ignores(entry)) return 'ignored'
    const isIgnored = this.rules.ignores(entry) && !alwaysPacked.test(entry)
    if (secretFiles.ignores(entry)) return isIgnored ? 'ignored' : 'withheld'
    return isIgnored ? 'ignored' : 'packed'
  }
}

/** Matching a path takes time that grows by its depth with each of them. Nobody needs more than three. */
const maxDoubleStars = 4

/** @throws {ApkgError} `FILE_UNREADABLE` if matching a rule could take forever. */
function assertMatchable(lines: readonly string[], file: string): void {
  const line = lines.findIndex((each) => each.split('**').length - 1 > maxDoubleStars)
  if (line === -1) return
  const reason = `the rule in line ${line + 1} has more than ${maxDoubleStars} \`**\``
  throw failure('FILE_UNREADABLE', {path: file, reason, suggestions: ['replace the rule with simpler ones']})
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

/** Rewrites a rule of a folder for the root. A pattern with an inner slash applies only to that folder. */
function below(folder: string, line: string): string[] {
  if (line.trim() === '' || line.startsWith('#')) return []
  const [, not = '', pattern = ''] = /^(!?)(.*)$/s.exec(line) ?? []
  const isAnchored = pattern.slice(0, -1).includes('/')
  const prefix = `/${folder.replaceAll(/[\\*?[\]!# ]/g, String.raw`\$&`)}/`
  return [`${not}${prefix}${isAnchored ? pattern.replace(/^\//, '') : `**/${pattern}`}`]
}
