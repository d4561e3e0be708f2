import {fieldLine, maxDescriptionLength, textOf} from '../conversion.js'
import {parseYaml, yamlProblem} from '../conversion/parse-yaml.js'
import {finding, type Finding, type Position} from './finding.js'
import type {LintedDefinition} from './linted-definition.js'

/** Characters (Agent Skills specification). */
const maxCompatibilityLength = 500

/** Checks fields that setup copies unchanged against the Agent Skills specification. */
export function checkOptionalFields({file, markdown}: LintedDefinition): Finding[] {
  const {compatibility, metadata} = markdown.frontmatter ?? {}
  const findings: Finding[] = []
  if (compatibility !== undefined && !isTextUpTo(compatibility, maxCompatibilityLength)) {
    const message = `\`compatibility\` must be text of 1 to ${maxCompatibilityLength} characters`
    findings.push(finding('compatibility-invalid', file.path, message, positionOf('compatibility', file)))
  }
  if (metadata !== undefined && (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata))) {
    const message = '`metadata` must map names to values, one on each line'
    findings.push(finding('metadata-invalid', file.path, message, positionOf('metadata', file)))
  }
  return findings
}

function isTextUpTo(value: unknown, max: number): boolean {
  return typeof value === 'string' && value.trim() !== '' && [...value].length <= max
}

/** Where a field of frontmatter is; undefined if it can't be found. */
export function positionOf(field: string, file: LintedDefinition['file']): Position | undefined {
  const line = fieldLine(field, file)
  return line === null ? undefined : {line, column: 1}
}

/** A skill's name, as the Agent Skills specification requires it. */
const validName = /^[a-z0-9]+(?:-[a-z0-9]+)*$/
const maxNameLength = 64

/**
 * Checks the fields that a tool requires of a file that it reads in place. For the files of a package, setup writes
 * them.
 *
 * @param directory the name of a skill's directory; undefined if the skill can be in any.
 */
export function checkRequiredFields(
  definition: LintedDefinition,
  {directory, isNameRequired}: {directory: string | undefined; isNameRequired: boolean},
): Finding[] {
  const {type, file, markdown} = definition
  const {frontmatter} = markdown
  if (frontmatter === undefined) {
    const message = 'SKILL.md must start with frontmatter: `name` and `description` between two lines of `---`'
    return type === 'skill' ? [finding('frontmatter-missing', file.path, message)] : []
  }
  const effect = type === 'skill' ? 'Most tools skip the skill without it' : 'Claude Code skips the agent without it'
  const missing = (['name', 'description'] as const)
    .filter((field) => isBlank(frontmatter[field]) && (field === 'description' || isNameRequired))
    .map((field) =>
      finding(`${field}-missing`, file.path, `\`${field}\` is missing. ${effect}`, positionOf(field, file)),
    )
  const strict = strictYaml(definition)
  return [...missing, ...strict, ...(type === 'skill' ? skillFields(definition, directory) : [])]
}

function skillFields({file, markdown}: LintedDefinition, directory: string | undefined): Finding[] {
  const {name, description} = markdown.frontmatter ?? {}
  const findings: Finding[] = []
  if (typeof name === 'string' && name.trim() !== '') {
    if (!validName.test(name) || name.length > maxNameLength) {
      const message = `\`name\` must be 1 to ${maxNameLength} characters: a-z, 0-9 and single hyphens between them`
      findings.push(finding('name-invalid', file.path, message, positionOf('name', file)))
    } else if (directory !== undefined && name !== directory) {
      const message = `\`name\` is \`${name}\`, but the directory is \`${directory}\`. OpenCode, VS Code and Cline skip the skill unless they are the same`
      findings.push(finding('name-not-directory', file.path, message, positionOf('name', file)))
    }
  }
  const length = typeof description === 'string' ? [...description.trim()].length : 0
  if (length > maxDescriptionLength) {
    const message = `\`description\` has ${length} characters. Codex, OpenCode and other tools skip a skill with more than ${maxDescriptionLength}`
    findings.push(finding('description-too-long', file.path, message, positionOf('description', file)))
  }
  return findings
}

/** Absent, or anything but text. Numbers are fine as a name. */
function isBlank(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'boolean'
    ? false
    : typeof value !== 'string' || value.trim() === ''
}

/** The text between two `---` lines at the start of a file. */
const frontmatterBlock = /^((?:\uFEFF|[ \t]*\r?\n)*---[ \t]*\r?\n)/

/** apkg reads frontmatter that isn't valid YAML, but strict tools don't. */
function strictYaml({file}: LintedDefinition): Finding[] {
  const text = textOf(file)
  const [, opening = ''] = frontmatterBlock.exec(text) ?? []
  const end = text.slice(opening.length).search(/^---[ \t]*\r?$/m)
  const head = text.slice(opening.length, opening.length + Math.max(0, end))
  if (parseYaml(head)) return []
  const problem = yamlProblem(head)
  if (!problem) return []
  const before = text.slice(0, opening.length + problem.offset).split('\n')
  const position = {line: before.length, column: [...(before.at(-1) ?? '')].length + 1}
  const message = `The frontmatter isn't valid YAML: ${lowerFirst(problem.message)}. Codex and Claude Code skip such a file. Put the value in quotes`
  return [finding('frontmatter-not-yaml', file.path, message, position)]
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1)
}
