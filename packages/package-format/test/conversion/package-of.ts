import {findDefinitions, flatName, type ConvertiblePackage, type SetUpType} from '../../src/conversion.js'

/** A package with these texts by path. */
export function packageOf(type: SetUpType, texts: Readonly<Record<string, string>>): ConvertiblePackage {
  const files = Object.entries(texts)
    .map(([path, text]) => ({path, content: Buffer.from(text), isExecutable: path.endsWith('.sh')}))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
  const name = '@acme/kit'
  const definitions = findDefinitions(type, files)
  return {name, version: '1.0.0', type, description: 'A kit.', flatName: flatName(name), files, definitions}
}
