import {refusalBehind, type RegistryClient} from '@apkg/command-kit'
import {parseIntegrity} from '@apkg/package-format'
import {isSignedBy, keyIdOf, parsePublicKey, provenanceStatement} from '@apkg/package-format/signing'
import {isJsonObject} from '@apkg/wire'

/**
 * Where a version was built. `verified`: the statement is about these bytes and signed by the key that signed the
 * version. `present`: there is a statement that can't be verified. `none`: the version was published without a statement.
 */
export interface Provenance {
  status: 'verified' | 'present' | 'none'
  /** The builder's ID in a verified SLSA statement (`predicate.runDetails.builder.id`), else null. */
  builder: string | null
}

/** A version whose provenance is checked. */
export interface ProvenanceSubject {
  name: string
  version: string
  /** `sha256-` and base64. */
  integrity: string
  /** base64 of the key that signed the version; undefined if no signature was verified. */
  publicKey: string | undefined
}

/**
 * Fetches the provenance of a version and verifies it.
 *
 * @throws {ApkgError} the errors of the client, except for 404 and 410, which are `none`.
 */
export async function checkProvenance(client: RegistryClient, version: ProvenanceSubject): Promise<Provenance> {
  const statement = await fetchProvenance(client, version)
  if (!statement) return {status: 'none', builder: null}
  const isVerified = isAbout(statement, version.integrity) && isSigned(statement, version.publicKey)
  return isVerified ? {status: 'verified', builder: builderOf(statement)} : {status: 'present', builder: null}
}

type Fields = Readonly<Record<string, unknown>>

async function fetchProvenance(
  client: RegistryClient,
  {name, version}: ProvenanceSubject,
): Promise<Fields | undefined> {
  try {
    return (await client.call('getProvenance', {params: {name, version}})) as Fields
  } catch (error) {
    if ([404, 410].includes(refusalBehind(error)?.status ?? 0)) return undefined
    throw error
  }
}

/** Whether the tarball is among the subjects of the in-toto statement. */
function isAbout(statement: Fields, integrity: string): boolean {
  const sha256 = parseIntegrity(integrity)
  return listIn(statement, 'subject').some((each) => fieldsIn(each, 'digest')?.['sha256'] === sha256)
}

function isSigned(statement: Fields, base64: string | undefined): boolean {
  const publicKey = base64 === undefined ? undefined : parsePublicKey(base64)
  const message = messageOf(statement)
  if (!publicKey || !message) return false
  const keyId = keyIdOf(publicKey)
  return listIn(statement, 'signatures').some(
    ({keyid, sig}) => keyid === keyId && typeof sig === 'string' && isSignedBy(publicKey, message, sig),
  )
}

/** The bytes to verify; undefined if the statement can't be canonicalized, so it can't have been signed. */
function messageOf(statement: Fields): Uint8Array | undefined {
  try {
    return provenanceStatement(statement)
  } catch (error) {
    if (error instanceof TypeError) return undefined
    throw error
  }
}

function builderOf(statement: Fields): string | null {
  const id = fieldsIn(fieldsIn(fieldsIn(statement, 'predicate'), 'runDetails'), 'builder')?.['id']
  return typeof id === 'string' ? id : null
}

function listIn(fields: Fields, name: string): Fields[] {
  const list = fields[name]
  return Array.isArray(list) ? list.filter(isJsonObject) : []
}

function fieldsIn(fields: Fields | undefined, name: string): Fields | undefined {
  const value = fields?.[name]
  return isJsonObject(value) ? value : undefined
}
