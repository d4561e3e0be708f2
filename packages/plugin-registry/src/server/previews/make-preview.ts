import {createHash} from 'node:crypto'
import {createReadStream} from 'node:fs'

import {type ArchiveLimits, manifestFile, parseManifest, readmeFile, toolNamed} from '@apkg/package-format'
import {readArchive} from '@apkg/package-format/archive'
import {
  agentsMdWith,
  agentsFile,
  boundedTraits,
  convertPackage,
  type ConvertedFile,
  type PackageFile,
  packageTraits,
  parseMarkdown,
  plainTextOf,
  type ReadPackage,
  setUpPackageOf,
  type SetUpPackage,
  sharedRules,
  textOf,
  type ToolFormat,
  toolFormats,
} from '@apkg/package-format/conversion'

import {boundedPreview, placedOf} from './bounded-preview.js'
import {fencedFrontmatter} from './fenced-frontmatter.js'
import {imageType} from './image-type.js'
import type {ContentPlace, Listed, Preview, PreviewFile, PreviewTool, PreviewToolFile} from './preview.js'
import {maxContent, PreviewContents} from './preview-contents.js'
import {renderReadme} from './render-readme.js'

/** A version to make a preview of. */
export interface PreviewJob {
  /** The file with its tarball. */
  file: string
  name: string
  version: string
  /** The version of apkg. */
  apkg: string
  limits: ArchiveLimits
}

/** A preview, and the contents that its files refer to. */
export interface MadePreview {
  preview: Preview
  contents: Uint8Array
}

/** What a part of a preview says about the content that it has, until it is known which contents are kept. */
type Contents = Map<{place?: ContentPlace}, Uint8Array>

/**
 * Reads a tarball and makes the preview of its version.
 *
 * @returns null if the preview would be too large
 * @throws {ArchiveProblem} if the tarball exceeds the limits
 */
export async function makePreview({file, name, version, apkg, limits}: PreviewJob): Promise<MadePreview | null> {
  const files: PackageFile[] = []
  await readArchive(createReadStream(file), limits, async ({path, isExecutable, content}) => {
    const chunks: Uint8Array[] = []
    for await (const chunk of content) chunks.push(chunk)
    files.push({path, isExecutable, content: Buffer.concat(chunks)})
  })
  files.sort((a, b) => (a.path < b.path ? -1 : 1))
  const contents: Contents = new Map()
  const read = setUpPackageOf({name, version}, files)
  const preview: Preview = {
    apkg,
    ...readmeOf(files, read, contents),
    files: files.map((each) => fileOf(each, contents)),
    tools: [],
    traits: [],
  }
  if ('unreadType' in read) preview.unread = `No tool reads packages of the type ${read.unreadType}`
  else if ('reason' in read) preview.unread = read.reason
  else {
    preview.tools = toolFormats.filter(({name: each}) => each !== 'agents').map((tool) => toolOf(tool, read, contents))
    preview.traits = boundedTraits(packageTraits(read))
  }
  return withContents(preview, contents)
}

function withContents(made: Preview, contents: Contents): MadePreview | null {
  const bounded = boundedPreview(made)
  if (!bounded) return null
  const {preview, space} = bounded
  const kept = new PreviewContents(space)
  for (const part of placedOf(preview)) {
    const content = contents.get(part)
    const place = content && kept.add(content)
    if (place) part.place = place
  }
  return {preview, contents: kept.bytes()}
}

/** Longer readmes are shown as text. In characters. */
const maxReadme = 128 * 1024

type ShownText = Pick<Preview, 'readme' | 'readmePath' | 'readmeText' | 'definitionCount'>

/** The readme; without one, the first definition. */
function readmeOf(files: readonly PackageFile[], read: ReadPackage, contents: Contents): ShownText {
  const manifest = files.find(({path}) => path === manifestFile)
  const named = manifest && parseManifest(textOf(manifest)).manifest.readme
  const readmePath = readmeFile(
    files.map((each) => each.path),
    named,
  )
  const file = files.find((each) => each.path === readmePath)
  if (file) return shownText(file, plainTextOf(file), contents)
  const [definition] = 'definitions' in read ? read.definitions : []
  if (!definition || !('definitions' in read)) return {readme: null}
  const text = plainTextOf(definition.file)
  const markdown = text === undefined ? undefined : fencedFrontmatter(text)
  return {...shownText(definition.file, markdown, contents), definitionCount: read.definitions.length}
}

/** @param markdown undefined if the file isn't text */
function shownText(file: PackageFile, markdown: string | undefined, contents: Contents): ShownText {
  const readmePath = file.path
  if (markdown === undefined) return {readme: null, readmePath}
  const readme = markdown.length > maxReadme ? undefined : renderReadme(markdown, readmePath)
  if (readme !== undefined) return {readme, readmePath}
  const start = startOf(file.content)
  const readmeText: NonNullable<Preview['readmeText']> = {isCut: start.length < file.content.length}
  contents.set(readmeText, start)
  return {readme: null, readmePath, readmeText}
}

/** The first characters of a text, as UTF-8. */
function startOf(content: Uint8Array): Uint8Array {
  if (content.length <= maxContent) return content
  let end = maxContent
  while (end > 0 && ((content[end] ?? 0) & 0xc0) === 0x80) end--
  return content.subarray(0, end)
}

function fileOf(file: PackageFile, contents: Contents): PreviewFile {
  const {path, isExecutable, content} = file
  const image = imageType(content)
  const kind = image ?? (plainTextOf(file) === undefined ? 'other' : 'text')
  const digest = createHash('sha256').update(content).digest('hex').slice(0, 16)
  const placed: PreviewFile = {path, size: content.length, digest, isExecutable, kind}
  if (kind !== 'other') contents.set(placed, content)
  return placed
}

/** What a tool gets, if it is the only one in an empty project. */
function toolOf(tool: ToolFormat, source: SetUpPackage, contents: Contents): PreviewTool {
  const {name, title} = tool
  const {targets} = source
  const base = {name, title, files: first([]), grants: [], refused: first([]), adjustments: first([])}
  if (targets && !targets.some((each) => (toolNamed(each) ?? each) === name)) {
    return {...base, reason: `The package is made for ${targets.join(', ')}`}
  }
  const [conversion] = convertPackage(source, [tool])
  if (!conversion) return {...base, reason: 'It gets nothing'}
  const {files, refused, adjustments} = conversion
  const placed = files.map((file) => toolFile(file, contents))
  const block = listedRules(tool, files)
  if (block !== undefined) placed.push(toolFile({path: agentsFile, content: block}, contents))
  const grants = [...new Set(placed.flatMap((file) => file.grants))]
  const sorted = [
    ...placed.filter((file) => file.grants.length > 0),
    ...placed.filter((file) => file.grants.length === 0),
  ]
  return {...base, files: first(sorted), grants, refused: first([...refused]), adjustments: first([...adjustments])}
}

/** How many items are kept of each list of a tool. */
const maxListed = 50

function first<Item>(items: Item[]): Listed<Item> {
  return {items: items.slice(0, maxListed), count: items.length}
}

function toolFile(
  {path, content, isExecutable = false, grants = [], limits = []}: ConvertedFile,
  contents: Contents,
): PreviewToolFile {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content
  const placed: PreviewToolFile = {path, isExecutable, size: bytes.length, grants: [...grants], limits: [...limits]}
  contents.set(placed, bytes)
  return placed
}

/** The block that is inserted into AGENTS.md, for a tool that only reads rules that are listed there. */
function listedRules({rules}: ToolFormat, files: readonly ConvertedFile[]): string | undefined {
  if (typeof rules !== 'object' || !('isListed' in rules)) return undefined
  const listed = files.filter(({path}) => path.startsWith(`${sharedRules}/`))
  if (listed.length === 0) return undefined
  const indexed = listed.map(({path, content}) => {
    const {description, globs} = parseMarkdown(content.toString()).frontmatter ?? {}
    const title = typeof description === 'string' ? description : (path.split('/').at(-1) ?? '').replace(/\.md$/, '')
    return {path, title, ...(typeof globs === 'string' && {globs})}
  })
  const {text} = agentsMdWith(undefined, indexed) as {text?: string}
  return text
}
