import {isMap, visit, type Document} from 'yaml'

import {implicitInvocation} from './definition-limits.js'
import {textOf, type PackageFile} from './package-files.js'
import {isTooDeep, maxYamlLength, parseYaml} from './parse-yaml.js'
import type {SkillContent, Unsupported} from './tool-format.js'

/** Codex's settings of a skill, relative to the skill's directory. */
export const openAiFile = 'agents/openai.yaml'

/** Whether a path is that of such a file, including one in a nested skill. Ignores case, as some file systems do. */
export function isOpenAiFile(path: string): boolean {
  return /(?:^|\/)agents\/openai\.yaml$/i.test(path)
}

/** Why a tool doesn't get a skill with settings that can't be read. */
export function whyUnreadable(path: string): string {
  return `${path} is not valid YAML, or has more than ${maxYamlLength} characters`
}

/**
 * Codex's settings of a skill that its model must not start by itself.
 *
 * @param own the skill's own file, whose other settings are kept.
 * @returns undefined if the own file can't be read. Codex would ignore the policy.
 * @see https://developers.openai.com/codex/skills, 2026-07-15
 */
export function openAiPolicy(own: PackageFile | undefined): string | undefined {
  const document = own ? settingsIn(own)?.document : parseYaml('')
  if (!document) return undefined
  const policy: unknown = document.get('policy')
  if (policy !== undefined && policy !== null && !isMap(policy)) return undefined
  if (policy === null) document.delete('policy')
  document.setIn(['policy', implicitInvocation], false)
  return document.toString()
}

/**
 * The frontmatter of a skill, with the field of its own `agents/openai.yaml` that limits when Codex starts it.
 *
 * @param path of its SKILL.md, relative to the directory to which the paths of the files are relative.
 * @param files each `agents/openai.yaml`.
 */
export function withOpenAiPolicy(frontmatter: Fields = {}, path: string, files: readonly PackageFile[]): Fields {
  const wanted = `${path.slice(0, path.lastIndexOf('/') + 1)}${openAiFile}`.toLowerCase()
  const own = files.find((file) => file.path.toLowerCase() === wanted)
  const policy = own && implicitInvocationIn(own)
  return policy === undefined ? frontmatter : {...frontmatter, [implicitInvocation]: policy}
}

/** The value of the field; its name if the file has it but can't be read. */
function implicitInvocationIn(file: PackageFile): unknown {
  const settings = settingsIn(file)
  if (!settings) return textOf(file).includes(implicitInvocation) ? implicitInvocation : undefined
  const {policy} = settings.fields
  return isFields(policy) ? policy[implicitInvocation] : undefined
}

/**
 * The programs and servers that a skill asks Codex to install, as grants. It isn't documented that Codex asks first.
 *
 * @returns unsupported if a file can't be read, because then it's unknown what Codex reads in it.
 */
export function openAiDependencies({openAiFiles}: Pick<SkillContent, 'openAiFiles'>): string[] | Unsupported {
  const grants: string[] = []
  for (const file of openAiFiles) {
    const settings = settingsIn(file)
    if (!settings) return {unsupported: whyUnreadable(file.path)}
    const {dependencies} = settings.fields
    const tools = isFields(dependencies) ? (dependencies['tools'] ?? []) : (dependencies ?? [])
    grants.push(...[tools].flat().map(dependency))
  }
  return grants
}

/** One line for a dependency: its type and name, and what starts or answers it. */
function dependency(tool: unknown): string {
  if (!isFields(tool)) return JSON.stringify(tool)
  const {type, value, command, url} = tool
  const [name, how] = [
    [type, value],
    [command, url],
  ].map((fields) => fields.filter((field) => typeof field === 'string').join(' '))
  return name && how ? `${name} (${how})` : JSON.stringify(tool)
}

type Fields = Readonly<Record<string, unknown>>

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The mapping in a file; no fields if it's empty, undefined if it can't be read. */
function settingsIn(file: PackageFile): {document: Document; fields: Fields} | undefined {
  const text = textOf(file)
  if (text.length > maxYamlLength || isTooDeep(text)) return undefined
  const document = parseYaml(text)
  if (!document || hasAliases(document)) return undefined
  const fields: unknown = document.toJS() ?? {}
  return isFields(fields) ? {document, fields} : undefined
}

function hasAliases(document: Document): boolean {
  const found: unknown[] = []
  visit(document, {
    Alias(_, alias) {
      found.push(alias)
    },
  })
  return found.length > 0
}
