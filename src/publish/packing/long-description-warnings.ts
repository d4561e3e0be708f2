import {printable} from '@apkg/command-kit'
import {toolNamed, type Manifest} from '@apkg/package-format'
import {isSetUpType, longDescriptions, toolFormats, type Definition} from '@apkg/package-format/conversion'

/**
 * Warnings about descriptions that tools cut, one for each definition.
 *
 * @param definitions those that are packed.
 */
export function longDescriptionWarnings(
  {type, name, description, targets}: Pick<Manifest, 'type' | 'name' | 'description' | 'targets'>,
  definitions: readonly Definition[],
): string[] {
  if (!isSetUpType(type)) return []
  const names = targets?.map((each) => toolNamed(each) ?? each)
  const tools = toolFormats.filter((tool) => tool.name !== 'agents' && (names?.includes(tool.name) ?? true))
  return longDescriptions({type, name, description, definitions}, tools).map(({path, length, cuts}) => {
    const limits = cuts.map(({max, tools: titles}) => `the first ${max} in ${titles.join(', ')}`)
    return `The description in ${printable(path)} has ${length} characters. Only part of it is used: ${limits.join('; ')}.`
  })
}
