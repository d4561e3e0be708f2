import {parse} from 'smol-toml'

import {FrontmatterProblem} from './frontmatter.js'
import {parseMarkdown} from './markdown.js'
import type {SetUpType} from './package-files.js'
import {isUnsupported, sharedSkills, type DefinitionFormat, type ToolFormat} from './tool-format.js'

/**
 * Whether a tool reads a path in a project on its own, according to its documentation. Other files of a package are only
 * read through such a file.
 *
 * @param path relative to the project, with forward slashes.
 */
export function isFound(tool: ToolFormat, type: SetUpType, path: string): boolean {
  if (skillFolders(tool).some((folder) => isSkillIn(folder, path))) return true
  const format = formatFor(tool, type)
  return format !== undefined && isDefinitionIn(format, path)
}

/** Why a tool would ignore a file that it found; empty if it loads the file. Each is a clause. */
export function loadProblems(tool: ToolFormat, type: SetUpType, path: string, text: string): string[] {
  const format = formatFor(tool, type)
  if (!format || !isDefinitionIn(format, path)) return problemsIn(text, (fields) => skillProblems(path, fields))
  if (format.extension === '.toml') return tomlProblems(text, format.required ?? [])
  return problemsIn(text, (fields) => missing(fields, format.required ?? []))
}

/** The directories in which a tool looks for skills. */
export function skillFolders({skills, alsoReads = {}}: ToolFormat): string[] {
  return [
    ...(skills.folder === undefined ? [] : [skills.folder]),
    ...(skills.isShared ? [sharedSkills] : []),
    ...Object.keys(alsoReads).filter((folder) => folder.endsWith('/skills')),
  ]
}

function formatFor(tool: ToolFormat, type: SetUpType): DefinitionFormat | undefined {
  const formats = {skill: undefined, agent: tool.agents, command: tool.commands, rule: tool.rules}
  const format = formats[type]
  return format === undefined || format === 'skills' || isUnsupported(format) ? undefined : format
}

function isSkillIn(folder: string, path: string): boolean {
  return path.startsWith(`${folder}/`) && /^[^/]+\/SKILL\.md$/.test(path.slice(folder.length + 1))
}

function isDefinitionIn({folder, extension}: DefinitionFormat, path: string): boolean {
  if (!path.startsWith(`${folder}/`) || !path.endsWith(extension)) return false
  return !path.slice(folder.length + 1, -extension.length).includes('/')
}

type Fields = Readonly<Record<string, unknown>> | undefined

function skillProblems(path: string, fields: Fields): string[] {
  const skill = path.split('/').at(-2) ?? ''
  const isNamed = fields?.['name'] === undefined || fields['name'] === skill
  const problems = missing(fields, ['name', 'description'])
  return isNamed ? problems : [...problems, `\`name\` must match its directory, ${skill}`]
}

/** What is wrong with the frontmatter of a file, if it can be read at all. */
function problemsIn(text: string, check: (fields: Fields) => string[]): string[] {
  try {
    return check(parseMarkdown(text).frontmatter)
  } catch (error) {
    if (error instanceof FrontmatterProblem) return [`invalid frontmatter at line ${error.line}: ${error.message}`]
    throw error
  }
}

function tomlProblems(text: string, required: readonly string[]): string[] {
  try {
    return missing(parse(text), required)
  } catch {
    return ['it is not valid TOML']
  }
}

function missing(fields: Fields, required: readonly string[]): string[] {
  const isText = (value: unknown) => typeof value === 'string' && value.trim() !== ''
  return required.filter((field) => !isText(fields?.[field])).map((field) => `missing \`${field}\``)
}
