import type {Conversion, ConvertiblePackage} from './converted.js'
import {convertDefinitions} from './convert-definitions.js'
import {convertSkills, type SkillPlace} from './convert-skills.js'
import {limitsOfSkill} from './grants.js'
import {isUnsupported, sharedSkills, type SkillLimit, type ToolFormat} from './tool-format.js'
import type {SetUpType} from './package-files.js'

/**
 * Converts a package for tools: the files that each of them reads, what differs from what the author wrote, and what a
 * tool must not get. A file is as narrow as its definition or narrower. Limits are translated exactly, or to something
 * narrower with an adjustment, or the definition is refused. Nothing is read or written.
 *
 * A skill goes to `.agents/skills` once for all tools that read this directory, unless one of them would ignore a limit
 * of the skill: then each tool that honors it gets a copy of its own.
 *
 * @param tools all tools that the package is set up for; together they decide where skills go.
 * @returns one conversion per tool, in the same order.
 */
export function convertPackage(source: ConvertiblePackage, tools: readonly ToolFormat[]): Conversion[] {
  const places = skillPlaces(source, tools)
  return tools.map((tool, index) => {
    const place = places[index] ?? {unsupported: `${tool.title} does not read skills`}
    if (source.type === 'skill') return convertSkills(source, tool, place)
    const format = formatOf(tool, source.type)
    if (format === 'skills') return convertSkills(source, tool, place)
    if (isUnsupported(format)) return refuseAll(source, format.unsupported)
    return convertDefinitions(source, format)
  })
}

function formatOf(tool: ToolFormat, type: Exclude<SetUpType, 'skill'>) {
  return {agent: tool.agents, command: tool.commands, rule: tool.rules}[type]
}

function refuseAll({definitions}: ConvertiblePackage, reason: string): Conversion {
  return {files: [], adjustments: [], refused: definitions.map(({file}) => ({definition: file.path, reason}))}
}

/** Where each tool gets the skills of a package, or the commands that it gets as skills. */
function skillPlaces({definitions, type}: ConvertiblePackage, tools: readonly ToolFormat[]): SkillPlace[] {
  const limits = new Set(definitions.flatMap(({markdown}) => limitsOfSkill(markdown.frontmatter ?? {})))
  const sharing = tools.filter((tool) => tool.skills.isShared)
  const ignoring = sharing.find((tool) => ignored(limits, tool.skills.honorsShared ?? tool.skills.honors).length > 0)
  return tools.map((tool) => {
    const {title, skills} = tool
    const [lost] = ignored(limits, skills.honors)
    if (lost !== undefined) return {unsupported: `${title} ignores \`${lost}\``}
    if (type === 'command' && tool.commands !== 'skills') return {folder: skills.folder ?? sharedSkills}
    if (skills.isShared && !ignoring) return {folder: sharedSkills}
    if (skills.folder !== undefined) return {folder: skills.folder}
    const because = `${ignoring?.title ?? ''} reads it too and ignores \`${[...limits].join('`, `')}\``
    return {unsupported: `${title} only reads ${sharedSkills}, but ${because}`}
  })
}

function ignored(limits: ReadonlySet<SkillLimit>, honored: ReadonlySet<SkillLimit>): SkillLimit[] {
  return [...limits].filter((limit) => !honored.has(limit))
}
