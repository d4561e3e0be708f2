import ignore, {type Ignore} from 'ignore'

import {withoutRepetition} from './assert-matchable.js'

/** Rules in the syntax of `.gitignore`, from several files. Later rules override earlier ones. */
export class GitignoreRules {
  private constructor(
    private readonly rules: Ignore,
    private readonly ignoreCase: boolean,
  ) {}

  static none(ignoreCase = false): GitignoreRules {
    return new GitignoreRules(ignore({ignorecase: ignoreCase}), ignoreCase)
  }

  /**
   * These rules, followed by those of a file.
   *
   * @param folder the file's directory, relative to the root, with forward slashes; empty for the root.
   */
  with(text: string, folder = ''): GitignoreRules {
    const lines = text
      .replace(/^\uFEFF/, '')
      .split(/\r?\n/)
      .map(withoutRepetition)
    const rules = folder === '' ? lines : lines.flatMap((line) => below(folder, line))
    return new GitignoreRules(ignore({ignorecase: this.ignoreCase}).add(this.rules).add(rules), this.ignoreCase)
  }

  /** @param entry relative to the root, with forward slashes. A directory ends with a slash. */
  ignores(entry: string): boolean {
    return this.rules.ignores(entry)
  }
}

/** Rewrites a rule of a directory for the root. A pattern with an inner slash applies only to that directory. */
function below(folder: string, line: string): string[] {
  if (line.trim() === '' || line.startsWith('#')) return []
  const [, not = '', pattern = ''] = /^(!?)(.*)$/s.exec(line) ?? []
  const isAnchored = pattern.slice(0, -1).includes('/')
  const prefix = `/${folder.replaceAll(/[\\*?[\]!# ]/g, String.raw`\$&`)}/`
  return [`${not}${prefix}${isAnchored ? pattern.replace(/^\//, '') : `**/${pattern}`}`]
}
