import type {ContentPlace, Preview} from './preview.js'

/** A stored preview with its contents, in bytes. Pages read and parse it for each request. */
const maxStored = 2 * 1024 * 1024

/** The most that the place of a content takes in JSON, in bytes. */
const placeSize = ',"place":{"offset":9999999,"length":999999}'.length

/**
 * Drops lists until a preview is small enough: first those of tools, then the files, then the readme. What tools do
 * without asking is never dropped, so a package can't hide it among its files.
 *
 * @returns the preview and how many bytes its contents may take; undefined if it is too large without its lists
 */
export function boundedPreview(preview: Preview): {preview: Preview; space: number} | undefined {
  const withoutToolFiles = {
    ...preview,
    tools: preview.tools.map((tool) => ({
      ...tool,
      files: {...tool.files, items: []},
      refused: {...tool.refused, items: []},
      adjustments: {...tool.adjustments, items: []},
    })),
  }
  const withoutFiles = {...withoutToolFiles, files: 'too-many' as const}
  for (const each of [preview, withoutToolFiles, withoutFiles, {...withoutFiles, readme: null}]) {
    const space = maxStored - sizeOf(each)
    if (space >= 0) return {preview: each, space}
  }
  return undefined
}

/** In bytes, with the places that are not known yet. */
function sizeOf(preview: Preview): number {
  return Buffer.byteLength(JSON.stringify(preview)) + placeSize * placedOf(preview).length
}

/** The parts of a preview that have a content, the most important first. */
export function placedOf({readmeText, files, tools}: Preview): {place?: ContentPlace}[] {
  return [
    ...(readmeText ? [readmeText] : []),
    ...(files === 'too-many' ? [] : files),
    ...tools.flatMap((tool) => tool.files.items),
  ]
}
