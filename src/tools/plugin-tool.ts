import {printable, type PlacedFile, type Placement, type SetUpPackage, type ToolTarget} from '@apkg/command-kit'
import {knownTools} from '@apkg/package-format'

import {toolTraits} from './tool-traits.js'
import type {SetUpType, Tool} from './tool.js'

/** Folders in which a file is more than a tool's. */
const reservedFolders = ['.git', '.apkg', ...Object.values(toolTraits).map(({folder}) => folder)]

/** One segment of a path, on every system: no separator, no device, no trailing dot or blank. */
const segment = /^(?!(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$))[\w@][\w@. -]*(?<![. ])$/i

const longestPath = 240

/** Whether what a plugin offers is a tool of its own, with a name and a folder that are nobody else's. */
export function isToolTarget(offer: unknown): offer is ToolTarget {
  if (typeof offer !== 'object' || offer === null) return false
  const {name, title, folder, place} = offer as Record<string, unknown>
  return (
    typeof name === 'string' &&
    /^[a-z][a-z0-9-]*$/.test(name) &&
    !(knownTools as readonly string[]).includes(name) &&
    typeof title === 'string' &&
    typeof folder === 'string' &&
    /^\.[a-z][a-z0-9-]*$/.test(folder) &&
    !reservedFolders.includes(folder) &&
    typeof place === 'object' &&
    place !== null
  )
}

/** A plugin's tool as a row of the table of tools: what it throws, and where it may not write, is said of the package. */
export function toolOfPlugin({name, title, folder, place}: ToolTarget): Tool {
  const placed = (type: SetUpType) => (setUp: SetUpPackage) => {
    const own = place[type]
    if (own === undefined) return {unsupported: `${title} has no place for a package of the type ${type}`}
    try {
      return checked(own(setUp), folder)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      return {unsupported: `the plugin for ${title} failed: ${printable(reason)}`}
    }
  }
  const all = {skill: placed('skill'), agent: placed('agent'), command: placed('command'), rule: placed('rule')}
  return {name, title, folder, place: all}
}

/** By shape: a plugin may answer anything. */
function checked(placement: unknown, folder: string): Placement {
  const {unsupported, files} = (placement ?? {}) as Record<string, unknown>
  if (typeof unsupported === 'string') return {unsupported}
  if (!Array.isArray(files)) throw new Error('it answers neither `{files}` nor `{unsupported}`')
  for (const file of files) {
    if (!isPlacedFile(file)) throw new Error('a file is not `{path, content}`')
    if (!liesIn(folder, file.path)) throw new Error(`\`${file.path}\` is no path in ${folder}/`)
  }
  return {files: files as PlacedFile[]}
}

function isPlacedFile(value: unknown): value is PlacedFile {
  const {path, content, isExecutable} = (value ?? {}) as Record<string, unknown>
  const hasContent = typeof content === 'string' || content instanceof Uint8Array
  return typeof path === 'string' && hasContent && (isExecutable === undefined || typeof isExecutable === 'boolean')
}

function liesIn(folder: string, file: string): boolean {
  const [first, ...others] = file.split('/')
  return (
    first === folder && others.length > 0 && file.length <= longestPath && others.every((each) => segment.test(each))
  )
}
