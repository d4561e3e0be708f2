import {createReadStream} from 'node:fs'
import {isDeepStrictEqual} from 'node:util'

import {
  type ArchiveLimits,
  type Manifest,
  manifestFile,
  ManifestProblem,
  parseManifest,
  publishProblems,
} from '@apkg/package-format'
import {type ArchiveFile, ArchiveProblem, readArchive} from '@apkg/package-format/archive'
import {toolConfigurationIn} from '@apkg/package-format/conversion'
import type {ProblemDetail} from '@apkg/wire'

export interface InspectionJob {
  file: string
  /** The manifest in the tarball has to match this one. */
  manifest: Manifest
  limits: ArchiveLimits
}

export type Inspection =
  | {outcome: 'valid'; fileCount: number; unpackedSize: number}
  | {outcome: 'ARCHIVE_INVALID' | 'MANIFEST_MISMATCH'; message: string; details: ProblemDetail[]}

/** Reads a complete tarball and compares its manifest with the expected one. */
export async function inspectArchive({file, manifest, limits}: InspectionJob): Promise<Inspection> {
  let text: string | undefined
  const paths: string[] = []
  try {
    const {files, unpacked} = await readArchive(createReadStream(file), limits, async (entry) => {
      paths.push(entry.path)
      if (entry.path === manifestFile) text = await readText(entry)
    })
    if (text === undefined) throw new ArchiveProblem(`\`${manifestFile}\` is missing`)
    const found = parseManifest(text).manifest
    const details = [...publishProblems(found), ...differences(found, manifest)]
    const [nested] = toolConfigurationIn(paths, found.type).nested
    if (nested !== undefined) {
      throw new ArchiveProblem('it would be read as configuration by a tool or by git', {path: nested})
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

async function readText({content}: ArchiveFile): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of content) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
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
