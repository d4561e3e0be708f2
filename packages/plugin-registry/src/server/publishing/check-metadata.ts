import {
  distTagProblem,
  maxReadmeSize,
  type Manifest,
  ManifestProblem,
  parseIntegrity,
  parseManifest,
  publishProblems,
} from '@apkg/package-format'
import type {ProblemDetail} from '@apkg/wire'
import type {PublishMetadata} from '@apkg/wire/protocol'

import {Refusal} from '../http/refusal.js'

/** Bytes of a provenance attestation, as JSON. */
const longestProvenance = 65_536

/** Lists and objects within each other, in one field. */
const deepestNesting = 64

export interface Announcement {
  /** What the manifest in the tarball has to say. */
  manifest: Manifest
  /** What the tarball has to hash to, in hex. */
  sha256: string
}

/**
 * Checks what is said of a version before its tarball is looked at.
 *
 * @param name the package that the address names.
 * @throws Refusal VALIDATION with all that is wrong.
 */
export function checkMetadata(name: string, metadata: PublishMetadata): Announcement {
  const unfit = unfitFields(metadata)
  if (unfit.length > 0) throw invalid(unfit)
  const manifest = manifestOf(metadata)
  const sha256 = parseIntegrity(metadata.integrity)
  const problems: ProblemDetail[] = publishProblems(manifest)
  const add = (field: string, message: string) => problems.push({field, message})
  if (metadata.name !== name) add('name', `is not \`${name}\`, which the address names`)
  if (sha256 === undefined) add('integrity', 'must be `sha256-` and the base64 of one SHA-256')
  if (Buffer.byteLength(metadata.readme ?? '') > maxReadmeSize) add('readme', `is larger than ${maxReadmeSize} bytes`)
  const tagProblem = metadata.tag === undefined ? undefined : distTagProblem(metadata.tag)
  if (tagProblem !== undefined) add('tag', tagProblem)
  if (metadata.provenance) problems.push(...provenanceProblems(metadata.provenance, sha256))
  if (sha256 === undefined || problems.length > 0) throw invalid(problems)
  return {manifest, sha256}
}

/** The metadata as the manifest that it was made from; in that one, `readme` would be the name of a file. */
function manifestOf({readme: _, ...fields}: PublishMetadata): Manifest {
  try {
    return parseManifest(JSON.stringify(fields)).manifest
  } catch (error) {
    if (!(error instanceof ManifestProblem)) throw error
    throw invalid([{field: error.field ?? 'metadata', message: error.message}])
  }
}

/** What no database keeps, and what would be too deep for those who walk through it. */
function unfitFields(metadata: PublishMetadata): ProblemDetail[] {
  return Object.entries(metadata).flatMap(([field, value]) => {
    const message = unfitness(value, deepestNesting)
    return message === undefined ? [] : [{field, message}]
  })
}

function unfitness(value: unknown, levels: number): string | undefined {
  if (typeof value === 'string') return value.includes('\0') ? 'holds a NUL character' : undefined
  if (typeof value !== 'object' || value === null) return undefined
  if (levels === 0) return `is nested deeper than ${deepestNesting} levels`
  for (const each of Object.entries(value).flat()) {
    const message = unfitness(each, levels - 1)
    if (message !== undefined) return message
  }
  return undefined
}

function provenanceProblems(statement: object, sha256: string | undefined): ProblemDetail[] {
  const field = 'provenance'
  if (Buffer.byteLength(JSON.stringify(statement)) > longestProvenance) {
    return [{field, message: `is larger than ${longestProvenance} bytes`}]
  }
  const {subject} = statement as {subject?: unknown}
  const digests = Array.isArray(subject) ? subject.map(digestOf) : []
  return sha256 !== undefined && digests.includes(sha256)
    ? []
    : [{field, message: 'names no subject with the SHA-256 of the tarball'}]
}

/** Of one subject of an in-toto statement (https://in-toto.io/Statement/v1). */
function digestOf(subject: unknown): unknown {
  return (subject as {digest?: {sha256?: unknown} | null} | null)?.digest?.sha256
}

function invalid(details: ProblemDetail[]): Refusal {
  const [first] = details
  return new Refusal('VALIDATION', {
    message: `The metadata cannot be accepted: \`${first?.field}\` ${first?.message}`,
    details,
  })
}
