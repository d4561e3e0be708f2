import {FrontmatterProblem} from './frontmatter.js'
import {parseMarkdown, type Markdown} from './markdown.js'
import {textOf, type PackageFile, type SetUpType} from './package-files.js'

/** A file that defines a skill, an agent, a command or a rule. */
export interface Definition {
  /** What it's called in the package: its file name, or the name of the skill's directory, without extension. */
  stem: string
  file: PackageFile
  markdown: Markdown
}

/** Why a package's definitions can't be used. The message is a sentence. */
export class DefinitionProblem extends Error {
  constructor(
    message: string,
    /** The file that can't be read, if there is one. */
    readonly path?: string,
    /** In the file, from 1. */
    readonly line?: number,
  ) {
    super(message)
    this.name = 'DefinitionProblem'
  }
}

/** Documents that are written for readers of the repository, or for a tool that works on it. */
const documents =
  /^(?:readme|changelog|contributing|security|code[_-]of[_-]conduct|licen[cs]e|notice[^/]*|agents|claude|gemini)(?:[._-](?:[a-z]{2}(?:[._-][a-z]{2,4})?|v?\d[\w.-]*))?$/i

/** In capitals, such a name may also be followed by anything else, such as a license's name. */
const documentsInCapitals = /^(?:README|CHANGELOG|CONTRIBUTING|CODE_OF_CONDUCT|LICEN[CS]E)[._-]/

/** The directory that holds the definitions of a type. */
const directoryOf: Readonly<Record<SetUpType, string>> = {
  skill: 'skills',
  agent: 'agents',
  command: 'commands',
  rule: 'rules',
}

/**
 * Finds what a package defines. A skill is `SKILL.md`, or `skills/<name>/SKILL.md` for each of several. An agent, a
 * command or a rule is a Markdown file in `agents/`, `commands/` or `rules/`, or one at the root with frontmatter.
 *
 * @returns at least one, sorted by path.
 * @throws {DefinitionProblem} if there is none, or one can't be read.
 */
export function findDefinitions(type: SetUpType, files: readonly PackageFile[]): Definition[] {
  const {definitions, problems} = readDefinitions(type, files)
  const [problem] = problems
  if (problem) throw problem
  return definitions
}

/** Like `findDefinitions`, but returns all problems. There is at least one definition or problem. */
export function readDefinitions(
  type: SetUpType,
  files: readonly PackageFile[],
): {definitions: Definition[]; problems: DefinitionProblem[]} {
  const definitions: Definition[] = []
  const problems: DefinitionProblem[] = []
  for (const {stem, file, isCertain} of type === 'skill' ? skillsIn(files) : documentsIn(type, files)) {
    try {
      const found = definition(file, stem)
      if (isCertain || found.markdown.frontmatter !== undefined) definitions.push(found)
    } catch (error) {
      if (!(error instanceof DefinitionProblem)) throw error
      problems.push(error)
    }
  }
  if (definitions.length + problems.length === 0) problems.push(new DefinitionProblem(missing[type]))
  return {definitions: definitions.sort((a, b) => (a.file.path < b.file.path ? -1 : 1)), problems}
}

/** A file that may define something. */
interface Candidate extends Pick<Definition, 'stem' | 'file'> {
  /** Whether it does so without frontmatter too. */
  isCertain: boolean
}

const missing: Readonly<Record<SetUpType, string>> = {
  skill: 'a skill needs SKILL.md, or skills/<name>/SKILL.md for each of several skills',
  agent: 'an agent needs a Markdown file in agents/, or one with frontmatter next to apkg.json',
  command: 'a command needs a Markdown file in commands/, or one with frontmatter next to apkg.json',
  rule: 'a rule needs a .md or .mdc file in rules/, or one with frontmatter next to apkg.json',
}

function skillsIn(files: readonly PackageFile[]): Candidate[] {
  const main = files.find(({path}) => path === 'SKILL.md') ?? files.find(({path}) => /^skill\.md$/i.test(path))
  if (main) return [{stem: 'SKILL', file: main, isCertain: true}]
  return files.flatMap((file) => {
    const [, stem] = /^skills\/([^/]+)\/SKILL\.md$/.exec(file.path) ?? []
    return stem === undefined ? [] : [{stem, file, isCertain: true}]
  })
}

function documentsIn(type: Exclude<SetUpType, 'skill'>, files: readonly PackageFile[]): Candidate[] {
  const pattern = new RegExp(`^(${directoryOf[type]}/)?(?:(.+)/)?([^/]+)\\.${type === 'rule' ? 'mdc?' : 'md'}$`, 'i')
  return files.flatMap((file) => {
    const [, directory, nested, name = ''] = pattern.exec(file.path) ?? []
    if (name === '' || isDocument(name) || (directory === undefined && nested !== undefined)) return []
    const stem = nested === undefined ? name : `${nested.replaceAll('/', '-')}-${name}`
    return [{stem, file, isCertain: directory !== undefined}]
  })
}

/** In another language or an earlier version too: `README.zh-CN`, `CHANGELOG-2`. But `security-auditor` is an agent. */
function isDocument(name: string): boolean {
  return documents.test(name) || documentsInCapitals.test(name)
}

/** @throws {DefinitionProblem} */
function definition(file: PackageFile, stem: string): Definition {
  try {
    return {stem, file, markdown: parseMarkdown(textOf(file))}
  } catch (error) {
    if (!(error instanceof FrontmatterProblem)) throw error
    const {path} = file
    throw new DefinitionProblem(
      `The frontmatter of ${path} is invalid at line ${error.line}: ${error.message}`,
      path,
      error.line,
    )
  }
}
