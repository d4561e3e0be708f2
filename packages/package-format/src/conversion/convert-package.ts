import type {Conversion, ConvertiblePackage} from './converted.js'
import {convertDefinitions} from './convert-definitions.js'
import {convertSkills, type SkillPlace} from './convert-skills.js'
import {isKept, type FoundLimit, type SkillLimit} from './definition-limits.js'
import {isUnsupported, sharedSkills, type SkillContent, type ToolFormat, type Unsupported} from './tool-format.js'
import type {SetUpType} from './package-files.js'

/**
 * Converts a package for tools: the files that each of them reads, what differs from what the author wrote, and what a
 * tool must not get. A file is as narrow as its definition or narrower. Limits are translated exactly, or to something
 * narrower with an adjustment, or the definition is refused. Nothing is read or written.
 *
 * A skill goes to `.agents/skills` once for all tools that read this directory, unless one of them would ignore a limit
 * of the skill: then each tool that honors it gets its own copy.
 *
 * @param tools all tools that the package is set up for; together they decide where skills go.
 * @returns one conversion per tool, in the same order.
 */
export function convertPackage(source: ConvertiblePackage, tools: readonly ToolFormat[]): Conversion[] {
  return tools.map((tool) => {
    const placeOf = (skill: SkillContent) => skillPlace(skill, tool, tools)
    if (source.type === 'skill') return convertSkills(source, tool, placeOf)
    const format = formatOf(tool, source.type)
    if (format === 'skills') return convertSkills(source, tool, placeOf)
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

/** Where a tool gets a skill, or a command that it gets as a skill. */
function skillPlace(skill: SkillContent, tool: ToolFormat, tools: readonly ToolFormat[]): SkillPlace {
  const {title, skills} = tool
  const granted = skills.grants?.(skill)
  if (isUnsupported(granted)) return granted
  const [lost] = ignored(skill, skills.honors)
  if (lost) return {unsupported: `${title} ignores \`${lost.field}\``}
  const nested = whyNotNested(skill, tool, skills.honors)
  if (nested) return nested
  const excluded = tools.find((each) => each.skills.isShared && !canShare(skill, each))
  if (skills.isShared && !excluded) return {folder: sharedSkills}
  if (skills.folder !== undefined) return {folder: skills.folder}
  return {
    unsupported: `${title} only reads ${sharedSkills}, where ${excluded?.title ?? ''} would also load it, without enforcing its limits`,
  }
}

/** Why a tool must not find the skills below a skill, which it loads as separate skills; undefined if it may. */
function whyNotNested(
  {nested = new Map()}: SkillContent,
  {title, skills}: Pick<ToolFormat, 'title' | 'skills'>,
  honored: ReadonlySet<SkillLimit>,
): Unsupported | undefined {
  for (const [path, content] of skills.isRecursive === true ? nested : []) {
    const loads = `${title} loads ${path} as a separate skill`
    if (!content) return {unsupported: `${loads}, and its frontmatter can't be read`}
    const granted = skills.grants?.(content)
    if (isUnsupported(granted)) return {unsupported: `${path}: ${granted.unsupported}`}
    const [lost] = ignored(content, honored)
    if (lost) return {unsupported: `${loads}, and ignores \`${lost.field}\``}
  }
  return undefined
}

/** Whether a tool that reads the shared directory may find a skill there. */
function canShare(skill: SkillContent, tool: ToolFormat): boolean {
  const {skills} = tool
  const honored = skills.honorsShared ?? skills.honors
  const isLimited = ignored(skill, honored).length === 0 && !whyNotNested(skill, tool, honored)
  return isLimited && !isUnsupported(skills.grants?.(skill))
}

function ignored({limits}: SkillContent, honored: ReadonlySet<SkillLimit>): FoundLimit<SkillLimit>[] {
  return limits.filter((limit) => !isKept(limit, honored))
}
