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
const maxProvenance = 65_536

/** Levels of lists and objects in one field. */
const maxNesting = 64

/** What the tarball has to match. */
export interface ExpectedTarball {
  manifest: Manifest
  /** Hex. */
  sha256: string
}

/**
 * Checks the metadata of a version before its tarball is received.
 *
 * @param name the package in the URL.
 * @throws Refusal VALIDATION with all problems
 */
export function checkMetadata(name: string, metadata: PublishMetadata): ExpectedTarball {
  const unstorable = unstorableFields(metadata)
  if (unstorable.length > 0) throw invalid(unstorable)
  const manifest = manifestOf(metadata)
  const sha256 = parseIntegrity(metadata.integrity)
  const problems: ProblemDetail[] = publishProblems(manifest)
  const add = (field: string, message: string) => problems.push({field, message})
  if (metadata.name !== name) add('name', `does not match the package in the URL, \`${name}\``)
  if (sha256 === undefined) add('integrity', 'must be `sha256-` followed by a SHA-256 hash in base64')
  if (Buffer.byteLength(metadata.readme ?? '') > maxReadmeSize) add('readme', `is larger than ${maxReadmeSize} bytes`)
  const tagProblem = metadata.tag === undefined ? undefined : distTagProblem(metadata.tag)
  if (tagProblem !== undefined) add('tag', tagProblem)
  if (metadata.provenance) problems.push(...provenanceProblems(metadata.provenance, sha256))
  if (sha256 === undefined || problems.length > 0) throw invalid(problems)
  return {manifest, sha256}
}

/** The manifest that the metadata was made from. `readme` differs: in a manifest, it is a file name. */
function manifestOf({readme: _, ...fields}: PublishMetadata): Manifest {
  try {
    return parseManifest(JSON.stringify(fields)).manifest
  } catch (error) {
    if (!(error instanceof ManifestProblem)) throw error
    throw invalid([{field: error.field ?? 'metadata', message: error.message}])
  }
}

/** Fields that a database cannot store, or that are nested too deeply for recursive code. */
function unstorableFields(metadata: PublishMetadata): ProblemDetail[] {
  return Object.entries(metadata).flatMap(([field, value]) => {
    const message = storageProblem(value, maxNesting)
    return message === undefined ? [] : [{field, message}]
  })
}

function storageProblem(value: unknown, levels: number): string | undefined {
  if (typeof value === 'string') return value.includes('\0') ? 'contains a NUL character' : undefined
  if (typeof value !== 'object' || value === null) return undefined
  if (levels === 0) return `is nested deeper than ${maxNesting} levels`
  for (const each of Object.entries(value).flat()) {
    const message = storageProblem(each, levels - 1)
    if (message !== undefined) return message
  }
  return undefined
}

function provenanceProblems(statement: object, sha256: string | undefined): ProblemDetail[] {
  const field = 'provenance'
  if (Buffer.byteLength(JSON.stringify(statement)) > maxProvenance) {
    return [{field, message: `is larger than ${maxProvenance} bytes`}]
  }
  const {subject} = statement as {subject?: unknown}
  const digests = Array.isArray(subject) ? subject.map(digestOf) : []
  return sha256 !== undefined && digests.includes(sha256)
    ? []
    : [{field, message: 'does not contain a subject with the SHA-256 of the tarball'}]
}

/** The digest of a subject in an in-toto statement (https://in-toto.io/Statement/v1). */
function digestOf(subject: unknown): unknown {
  return (subject as {digest?: {sha256?: unknown} | null} | null)?.digest?.sha256
}

function invalid(details: ProblemDetail[]): Refusal {
  const [first] = details
  return new Refusal('VALIDATION', {
    message: `Invalid metadata: \`${first?.field}\` ${first?.message}`,
    details,
  })
}
