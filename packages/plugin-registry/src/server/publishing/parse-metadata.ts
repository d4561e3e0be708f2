import {
  distTagProblem,
  maxReadmeSize,
  type Manifest,
  ManifestProblem,
  parseIntegrity,
  parseManifest,
  provenanceProblem,
  publishProblems,
  storageProblem,
} from '@apkg/package-format'
import type {ProblemDetail} from '@apkg/wire'
import type {PublishMetadata} from '@apkg/wire/protocol'

import {Refusal} from '../http/refusal.js'

/** What the tarball has to match. */
export interface ExpectedTarball {
  manifest: Manifest
  /** Hex. */
  sha256: string
}

/**
 * Returns what the tarball of a version has to match, according to its metadata. Runs before the tarball is received.
 *
 * @param name the package in the URL.
 * @throws {Refusal} VALIDATION with all problems
 */
export function parseMetadata(name: string, metadata: PublishMetadata): ExpectedTarball {
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
  const {provenance} = metadata
  const unusable = provenance ? provenanceProblem(provenance, metadata.integrity) : undefined
  if (unusable !== undefined) add('provenance', unusable)
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
    const message = storageProblem(value)
    return message === undefined ? [] : [{field, message}]
  })
}

function invalid(details: ProblemDetail[]): Refusal {
  const [first] = details
  return new Refusal('VALIDATION', {
    message: `Invalid metadata: \`${first?.field}\` ${first?.message}`,
    details,
  })
}
