import {createReadStream} from 'node:fs'
import {isDeepStrictEqual} from 'node:util'

import {
  type ArchiveLimits,
  type Manifest,
  manifestFile,
  ManifestProblem,
  parseManifest,
  publishProblems,
  readmeFile,
} from '@apkg/package-format'
import {type ArchiveFile, ArchiveProblem, readArchive} from '@apkg/package-format/archive'
import {toolConfigurationIn} from '@apkg/package-format/conversion'
import type {ProblemDetail} from '@apkg/wire'

export interface InspectionJob {
  file: string
  /** The manifest in the tarball has to match this one. */
  manifest: Manifest
  limits: ArchiveLimits
  /** The text that the readme of the package has to match, empty if it has none. Undefined: any. */
  readme?: string | undefined
}

export type Inspection =
  | {outcome: 'valid'; fileCount: number; unpackedSize: number}
  | {outcome: 'ARCHIVE_INVALID' | 'MANIFEST_MISMATCH'; message: string; details: ProblemDetail[]}

/** Reads a complete tarball and compares its manifest with the expected one. */
export async function inspectArchive({file, manifest, limits, readme}: InspectionJob): Promise<Inspection> {
  let text: string | undefined
  const paths: string[] = []
  const matching = new Set<string>()
  try {
    const {files, unpacked} = await readArchive(createReadStream(file), limits, async (entry) => {
      paths.push(entry.path)
      if (entry.path === manifestFile) text = (await readBytes(entry)).toString()
      else if (readme !== undefined && (await isText(entry, readme))) matching.add(entry.path)
    })
    if (text === undefined) throw new ArchiveProblem(`\`${manifestFile}\` is missing`)
    const found = parseManifest(text).manifest
    const details = [...publishProblems(found), ...differences(found, manifest)]
    const readmePath = readmeFile(paths, found.readme)
    const isReadme = readmePath === undefined ? readme === '' : matching.has(readmePath)
    if (readme !== undefined && !isReadme) details.push({field: 'readme', message: 'does not match the metadata'})
    const [nested] = toolConfigurationIn(paths, found.type).nested
    if (nested !== undefined) {
      throw new ArchiveProblem(`\`${nested}\` would be read as configuration by a tool or by git`, {path: nested})
    }
    const [first] = details
    if (!first) return {outcome: 'valid', fileCount: files, unpackedSize: unpacked}
    const message = `Invalid \`${manifestFile}\` in the tarball: \`${first.field}\` ${first.message}`
    return {outcome: 'MANIFEST_MISMATCH', message, details}
  } catch (error) {
    if (error instanceof ArchiveProblem) return invalid(error.message, {path: error.path, limit: error.limit})
    if (error instanceof ManifestProblem) {
      return invalid(`\`${manifestFile}\` is invalid: ${error.message}`, {path: manifestFile})
    }
    throw error
  }
}

async function readBytes({content}: ArchiveFile): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of content) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** Clients drop a byte order mark when they send the text of a file. */
async function isText(entry: ArchiveFile, text: string): Promise<boolean> {
  const byteOrderMark = 3
  const bytes = Buffer.byteLength(text)
  if (entry.size !== bytes && entry.size !== bytes + byteOrderMark) return false
  return new TextDecoder().decode(await readBytes(entry)) === text
}

/** The fields that metadata and manifest share. Authors, for example, are only in the manifest. */
const sharedFields = [
  ...['name', 'version', 'type', 'visibility', 'description', 'license', 'keywords', 'repository', 'homepage'],
  ...['origin', 'targets', 'dependencies'],
] as (keyof Manifest)[]

function differences(found: Manifest, manifest: Manifest): ProblemDetail[] {
  const differing = sharedFields.filter(
    (field) => !isDeepStrictEqual(normalized(found, field), normalized(manifest, field)),
  )
  return differing.map((field) => ({field, message: 'does not match the metadata'}))
}

/** The original client omits empty texts from the metadata, and `MIT` is the default license. */
function normalized(manifest: Manifest, field: keyof Manifest): unknown {
  return manifest[field] || (field === 'license' ? 'MIT' : undefined)
}

function invalid(reason: string, {path, limit}: {path?: string | undefined; limit?: string | undefined}): Inspection {
  const detail = {message: reason, ...(path !== undefined && {field: path}), ...(limit !== undefined && {code: limit})}
  return {outcome: 'ARCHIVE_INVALID', message: `Invalid tarball: ${reason}`, details: [detail]}
}
