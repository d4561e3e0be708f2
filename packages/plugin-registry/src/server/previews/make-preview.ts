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
  setUpPackageOf,
  type SetUpPackage,
  sharedRules,
  textOf,
  type ToolFormat,
  toolFormats,
} from '@apkg/package-format/conversion'

import {imageType} from './image-type.js'
import {type Preview, type PreviewFile, type PreviewTool, type PreviewToolFile} from './preview.js'
import {PreviewContents} from './preview-contents.js'
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

/** Reads a tarball and makes the preview of its version. @throws {ArchiveProblem} if it exceeds the limits */
export async function makePreview({file, name, version, apkg, limits}: PreviewJob): Promise<MadePreview> {
  const files: PackageFile[] = []
  await readArchive(createReadStream(file), limits, async ({path, isExecutable, content}) => {
    const chunks: Uint8Array[] = []
    for await (const chunk of content) chunks.push(chunk)
    files.push({path, isExecutable, content: Buffer.concat(chunks)})
  })
  files.sort((a, b) => (a.path < b.path ? -1 : 1))
  const contents = new PreviewContents()
  const read = setUpPackageOf({name, version}, files)
  const preview: Preview = {
    apkg,
    ...readmeOf(files),
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
  return {preview, contents: contents.bytes()}
}

/** Longer readmes are only shown as files. In characters. */
const maxReadme = 128 * 1024

function readmeOf(files: readonly PackageFile[]): Pick<Preview, 'readme' | 'readmePath'> {
  const manifest = files.find(({path}) => path === manifestFile)
  const named = manifest && parseManifest(textOf(manifest)).manifest.readme
  const readmePath = readmeFile(
    files.map((each) => each.path),
    named,
  )
  const file = files.find((each) => each.path === readmePath)
  if (!file || readmePath === undefined) return {readme: null}
  const text = plainTextOf(file)
  if (text === undefined || text.length > maxReadme) return {readme: null, readmePath}
  return {readme: renderReadme(text, readmePath) ?? null, readmePath}
}

function fileOf(file: PackageFile, contents: PreviewContents): PreviewFile {
  const {path, isExecutable, content} = file
  const image = imageType(content)
  const kind = image ?? (plainTextOf(file) === undefined ? 'other' : 'text')
  const place = kind === 'other' ? undefined : contents.add(content)
  const digest = createHash('sha256').update(content).digest('hex').slice(0, 16)
  return {path, size: content.length, digest, isExecutable, kind, ...(place && {place})}
}

/** What a tool gets, if it is the only one in an empty project. */
function toolOf(tool: ToolFormat, source: SetUpPackage, contents: PreviewContents): PreviewTool {
  const {name, title} = tool
  const {targets} = source
  const base = {name, title, files: [], refused: [], adjustments: []}
  if (targets && !targets.some((each) => (toolNamed(each) ?? each) === name)) {
    return {...base, reason: `The package is made for ${targets.join(', ')}`}
  }
  const [conversion] = convertPackage(source, [tool])
  if (!conversion) return {...base, reason: 'It gets nothing'}
  const {files, refused, adjustments} = conversion
  const placed = files.map((file) => toolFile(file, contents))
  const block = listedRules(tool, files)
  if (block !== undefined) placed.push(toolFile({path: agentsFile, content: block}, contents))
  return {...base, files: placed, refused, adjustments}
}

function toolFile(
  {path, content, isExecutable = false, grants = [], limits = []}: ConvertedFile,
  contents: PreviewContents,
): PreviewToolFile {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content
  const place = contents.add(bytes)
  return {path, isExecutable, size: bytes.length, ...(place && {place}), grants: [...grants], limits: [...limits]}
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
