import type {ConvertiblePackage} from './converted.js'
import {describe, maxDescriptionLength} from './named.js'
import type {ToolFormat} from './tool-format.js'

/** A description that tools don't use in full. */
export interface LongDescription {
  /** Path of the definition in the package. */
  path: string
  /** In characters. */
  length: number
  /** From the lowest: how many characters are used, and the titles of the tools that use no more. */
  cuts: {max: number; tools: string[]}[]
}

/** Finds the descriptions of skills, and of commands that become skills, that some tools cut. */
export function longDescriptions(
  source: Pick<ConvertiblePackage, 'type' | 'name' | 'description' | 'definitions'>,
  tools: readonly ToolFormat[],
): LongDescription[] {
  const {type, definitions} = source
  const readers = tools.filter(({commands}) => type === 'skill' || (type === 'command' && commands === 'skills'))
  return definitions.flatMap(({file, markdown}) => {
    const {length} = [...describe(markdown, source, Infinity).description]
    const cuts = new Map<number, string[]>()
    for (const tool of readers) {
      const max = usedLength(tool)
      if (length > max) cuts.set(max, [...(cuts.get(max) ?? []), tool.title])
    }
    const sorted = [...cuts].sort(([a], [b]) => a - b).map(([max, titles]) => ({max, tools: titles}))
    return sorted.length === 0 ? [] : [{path: file.path, length, cuts: sorted}]
  })
}

/** The characters of a description that a tool uses. */
function usedLength({skills}: ToolFormat): number {
  const max = skills.isShared ? maxDescriptionLength : (skills.maxDescription ?? maxDescriptionLength)
  return Math.min(max, skills.shownDescription ?? max)
}
