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
import type {ProblemDetail} from '@apkg/wire'

/** A tarball to look into, and what its manifest has to say. */
export interface InspectionJob {
  file: string
  manifest: Manifest
  limits: ArchiveLimits
}

export type Inspection =
  | {outcome: 'fine'; fileCount: number; unpackedSize: number}
  | {outcome: 'ARCHIVE_INVALID' | 'MANIFEST_MISMATCH'; message: string; details: ProblemDetail[]}

/** Reads a tarball to its end and compares its manifest with the announced one. */
export async function inspectArchive({file, manifest, limits}: InspectionJob): Promise<Inspection> {
  let text: string | undefined
  try {
    const {files, unpacked} = await readArchive(createReadStream(file), limits, async (entry) => {
      if (entry.path === manifestFile) text = await readText(entry)
    })
    if (text === undefined) throw new ArchiveProblem(`it has no \`${manifestFile}\` at its root`)
    const found = parseManifest(text).manifest
    const details = [...publishProblems(found), ...differences(found, manifest)]
    const [first] = details
    if (!first) return {outcome: 'fine', fileCount: files, unpackedSize: unpacked}
    const message = `The \`${manifestFile}\` in the tarball cannot be accepted: \`${first.field}\` ${first.message}`
    return {outcome: 'MANIFEST_MISMATCH', message, details}
  } catch (error) {
    if (error instanceof ArchiveProblem) return invalid(error.message, {path: error.path, limit: error.limit})
    if (error instanceof ManifestProblem) {
      return invalid(`its \`${manifestFile}\` cannot be read: ${error.message}`, {path: manifestFile})
    }
    throw error
  }
}

async function readText({content}: ArchiveFile): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of content) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

/** What both sides know; authors, for one, are not announced. */
const announced = [
  ...['name', 'version', 'type', 'visibility', 'description', 'license', 'keywords', 'repository', 'homepage'],
  ...['origin', 'targets', 'dependencies'],
] as (keyof Manifest)[]

function differences(found: Manifest, manifest: Manifest): ProblemDetail[] {
  const differing = announced.filter((field) => !isDeepStrictEqual(stated(found, field), stated(manifest, field)))
  return differing.map((field) => ({field, message: 'is not what the metadata says'}))
}

/** An empty text states no more than none at all: the original client does not announce it. */
function stated(manifest: Manifest, field: keyof Manifest): unknown {
  return manifest[field] || (field === 'license' ? 'MIT' : undefined)
}

function invalid(reason: string, {path, limit}: {path?: string | undefined; limit?: string | undefined}): Inspection {
  const detail = {message: reason, ...(path !== undefined && {field: path}), ...(limit !== undefined && {code: limit})}
  return {outcome: 'ARCHIVE_INVALID', message: `The tarball cannot be accepted: ${reason}`, details: [detail]}
}
