import {printable, type PlacedFile, type Placement, type ToolTarget} from '@apkg/command-kit'
import {toolNamed} from '@apkg/package-format'

import {sharedTool, toolTraits} from './tool-traits.js'
import type {PluginTool, SetUpPackage, SetUpType} from './tool.js'

/** Directories that a plugin's tool cannot have. */
const reservedFolders = [
  '.git',
  '.apkg',
  '.agents',
  '.github',
  ...Object.values(toolTraits).flatMap(({marks}) => marks),
]

/** A path segment that is valid on every system: no separator, no device name, no trailing dot or blank. */
const segment = /^(?!(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$))[\w@][\w@. -]*(?<![. ])$/i

const maxPathLength = 240

/** Whether a plugin's offer is a tool with its own name and directory. */
export function isToolTarget(offer: unknown): offer is ToolTarget {
  if (typeof offer !== 'object' || offer === null) return false
  const {name, title, folder, place} = offer as Record<string, unknown>
  return (
    typeof name === 'string' &&
    /^[a-z][a-z0-9-]*$/.test(name) &&
    toolNamed(name) === undefined &&
    name !== sharedTool.name &&
    typeof title === 'string' &&
    typeof folder === 'string' &&
    /^\.[a-z][a-z0-9-]*$/.test(folder) &&
    !reservedFolders.includes(folder) &&
    typeof place === 'object' &&
    place !== null
  )
}

/** A plugin's tool as a `Tool`. If it throws or returns an invalid path, the package is unsupported. */
export function toolOfPlugin({name, title, folder, place}: ToolTarget): PluginTool {
  const placed = (type: SetUpType) => (setUp: SetUpPackage) => {
    const own = place[type]
    if (own === undefined) return {unsupported: `${title} does not support packages of type ${type}`}
    try {
      return validPlacement(own(setUp), folder)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      return {unsupported: `the plugin for ${title} failed: ${printable(reason)}`}
    }
  }
  const all = {skill: placed('skill'), agent: placed('agent'), command: placed('command'), rule: placed('rule')}
  return {name, title, marks: [folder], place: all}
}

/** Checks the shape: a plugin may return anything. */
function validPlacement(placement: unknown, folder: string): Placement {
  const {unsupported, files} = (placement ?? {}) as Record<string, unknown>
  if (typeof unsupported === 'string') return {unsupported}
  if (!Array.isArray(files)) throw new Error('it must return `{files}` or `{unsupported}`')
  for (const file of files) {
    if (!isPlacedFile(file)) throw new Error('a file must be `{path, content}`')
    if (!liesIn(folder, file.path)) throw new Error(`\`${file.path}\` is not a valid path in ${folder}/`)
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
    first === folder && others.length > 0 && file.length <= maxPathLength && others.every((each) => segment.test(each))
  )
}
