import type {Conversion, ConvertedFile, ConvertiblePackage} from './converted.js'
import {definitionNames} from './flat-name.js'
import {describe} from './named.js'
import {isUnsupported, type DefinitionFormat, type NamedDefinition} from './tool-format.js'

/** Converts the agents, commands or rules of a package: one file for each definition. */
export function convertDefinitions(
  source: ConvertiblePackage,
  {folder, extension, format}: DefinitionFormat,
): Conversion {
  const names = definitionNames(
    source.flatName,
    source.definitions.map(({stem}) => stem),
  )
  const conversion: Conversion = {files: [], adjustments: [], refused: []}
  for (const [position, definition] of source.definitions.entries()) {
    const name = names[position] ?? source.flatName
    const named: NamedDefinition = {
      ...definition,
      name,
      // No tool documents a limit, except for skills.
      description: describe(definition.markdown, source, Infinity).description,
      package: source,
    }
    const path = definition.file.path
    const result = format(named)
    if (isUnsupported(result)) {
      conversion.refused.push({definition: path, reason: result.unsupported})
      continue
    }
    const {text, adjustments = [], grants = [], limits = [], path: ownPath} = result
    const file: ConvertedFile = {
      path: ownPath ?? `${folder}/${name}${extension}`,
      definition: path,
      content: text,
      grants,
      limits,
    }
    conversion.files.push(file)
    conversion.adjustments.push(...adjustments.map((reason) => ({definition: path, reason})))
  }
  return conversion
}
