import {parseIntegrity} from './integrity.js'

/** Bytes of a provenance statement, as JSON. */
export const maxProvenanceSize = 65_536

/** Levels of lists and objects. */
const maxNesting = 64

/**
 * Why a registry would refuse to publish a provenance statement with a version; undefined if it wouldn't.
 *
 * @param statement in-toto, see https://in-toto.io/Statement/v1.
 * @param integrity of the tarball.
 * @returns the end of a sentence about the statement.
 */
export function provenanceProblem(statement: object, integrity: string): string | undefined {
  const stored = storageProblem(statement)
  if (stored !== undefined) return stored
  if (Buffer.byteLength(JSON.stringify(statement)) > maxProvenanceSize) {
    return `is larger than ${maxProvenanceSize} bytes`
  }
  const {subject} = statement as {subject?: unknown}
  const digests = Array.isArray(subject) ? subject.map(digestOf) : []
  const sha256 = parseIntegrity(integrity)
  if (sha256 !== undefined && digests.includes(sha256)) return undefined
  return 'does not contain a subject with the SHA-256 of the tarball'
}

/** Why a database can't store a JSON value, or recursive code can't handle it. */
export function storageProblem(value: unknown, levels = maxNesting): string | undefined {
  if (typeof value === 'string') return value.includes('\0') ? 'contains a NUL character' : undefined
  if (typeof value !== 'object' || value === null) return undefined
  if (levels === 0) return `is nested deeper than ${maxNesting} levels`
  for (const each of Object.entries(value).flat()) {
    const message = storageProblem(each, levels - 1)
    if (message !== undefined) return message
  }
  return undefined
}

/** The digest of a subject. */
function digestOf(subject: unknown): unknown {
  return (subject as {digest?: {sha256?: unknown} | null} | null)?.digest?.sha256
}
