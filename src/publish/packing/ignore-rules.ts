import path from 'node:path'

import {failure, isAbsent, reasonOf} from '@apkg/command-kit'
import ignore, {type Ignore} from 'ignore'

import {readBounded} from '../../files/read-bounded.js'
import {realPathWithin} from '../../files/real-path-within.js'
import {temporarySuffix} from '../../files/replace-file.js'
import {UnusableFile} from '../../files/unusable-file.js'

/** The file of a folder that says what is not packed, in the language of `.gitignore`. */
const ignoreFile = '.apkgignore'

/** Bytes. */
const largestRules = 1024 * 1024

/** Left out unless a rule of the project brings it back. */
const defaults = ['/target/', '*.tar.zst', ignoreFile, '.DS_Store', 'Thumbs.db', '.hg/', '.svn/', '*.swp', '*~']

/** What is never part of a package, whatever the rules of the project say. */
const foreign = ignore({ignorecase: true}).add(['.git', 'node_modules', 'apkg_packages', `*${temporarySuffix}`])

/** Files that hold secrets by their name. They are never packed either. */
const secret = ignore({ignorecase: true}).add([
  ...['.env*', '.apkg', '.ssh', '.gnupg', '.aws', '.npmrc', '.pypirc', '.netrc', '_netrc', '.git-credentials'],
  ...['*.pem', '*.key', '*.p12', '*.pfx', '*.ppk', '*.jks', '*.keystore', '*.kdbx'],
  ...['id_rsa', 'id_dsa', 'id_ecdsa', 'id_ecdsa_sk', 'id_ed25519', 'id_ed25519_sk'],
])

/** Left in whatever the rules say: what a package is read by. They stand at the top of the project. */
const kept = /^(apkg\.json|readme(\.(md|txt))?|licen[cs]e(\.(md|txt))?)$/i

/** `withheld` is left out for its name alone, though no rule of the project asks for it. */
export type Verdict = 'packed' | 'ignored' | 'withheld'

/** What is packed of a folder. Rules of a folder within it come later and so win over those above, as in git. */
export class IgnoreRules {
  private constructor(private readonly rules: Ignore) {}

  static defaults(): IgnoreRules {
    return new IgnoreRules(ignore({ignorecase: false}).add(defaults))
  }

  /**
   * These rules and those of one more folder.
   *
   * @param root absolute. @param folder relative to it, with forward slashes; empty for the root.
   * @throws {ApkgError} `FILE_UNREADABLE`.
   */
  async within(root: string, folder: string): Promise<IgnoreRules> {
    const text = await readRules(root, path.join(root, folder, ignoreFile))
    if (text === undefined) return this
    const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
    const rules = folder === '' ? lines : lines.flatMap((line) => below(folder, line))
    return new IgnoreRules(ignore({ignorecase: false}).add(this.rules).add(rules))
  }

  /** @param entry relative to the root, with forward slashes; a folder's ends with one. */
  verdict(entry: string): Verdict {
    if (foreign.ignores(entry)) return 'ignored'
    const isIgnored = this.rules.ignores(entry) && !kept.test(entry)
    if (secret.ignores(entry)) return isIgnored ? 'ignored' : 'withheld'
    return isIgnored ? 'ignored' : 'packed'
  }
}

async function readRules(root: string, file: string): Promise<string | undefined> {
  try {
    return (await readBounded(await realPathWithin(root, file), largestRules)).toString('utf8')
  } catch (error) {
    if (isAbsent(error)) return undefined
    const reason = error instanceof UnusableFile ? error.message : reasonOf(error)
    throw failure('FILE_UNREADABLE', {path: file, reason}, {cause: error})
  }
}

/** A rule of a folder as a rule of the root. One with a slash before its end is about that folder alone. */
function below(folder: string, line: string): string[] {
  if (line.trim() === '' || line.startsWith('#')) return []
  const [, not = '', pattern = ''] = /^(!?)(.*)$/s.exec(line) ?? []
  const isAnchored = pattern.slice(0, -1).includes('/')
  const prefix = `/${folder.replaceAll(/[\\*?[\]!# ]/g, String.raw`\$&`)}/`
  return [`${not}${prefix}${isAnchored ? pattern.replace(/^\//, '') : `**/${pattern}`}`]
}
