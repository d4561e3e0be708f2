import {refusalBehind, type RegistryClient} from '@apkg/command-kit'
import {parseIntegrity} from '@apkg/package-format'
import {isSignedBy, keyIdOf, parsePublicKey, provenanceStatement} from '@apkg/package-format/signing'

/**
 * What is known of where a version was built. `verified`: the key that signed the version signed the statement too, and
 * it is about these bytes. `present`: there is a statement, and nothing vouches for it. `none`: there is none.
 */
export interface Provenance {
  status: 'verified' | 'present' | 'none'
  /** Who built it, as a verified SLSA statement says (`predicate.runDetails.builder.id`); else null. */
  builder: string | null
}

/** A version, and the key whose signature of it was verified. */
export interface SignedVersion {
  name: string
  version: string
  /** `sha256-` and base64. */
  integrity: string
  /** base64; undefined where no signature was verified. */
  publicKey: string | undefined
}

/**
 * Asks the registry for the provenance of a version, and verifies it.
 *
 * @throws {ApkgError} what the client throws, but for 404, which is `none`.
 */
export async function checkProvenance(client: RegistryClient, version: SignedVersion): Promise<Provenance> {
  const statement = await provenanceOf(client, version)
  if (!statement) return {status: 'none', builder: null}
  const isVerified = isAbout(statement, version.integrity) && isSigned(statement, version.publicKey)
  return isVerified ? {status: 'verified', builder: builderOf(statement)} : {status: 'present', builder: null}
}

type Fields = Readonly<Record<string, unknown>>

async function provenanceOf(client: RegistryClient, {name, version}: SignedVersion): Promise<Fields | undefined> {
  try {
    return (await client.call('getProvenance', {params: {name, version}})) as Fields
  } catch (error) {
    if ([404, 410].includes(refusalBehind(error)?.status ?? 0)) return undefined
    throw error
  }
}

/** Whether one of an in-toto statement's subjects is a tarball. */
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

/** Undefined where nobody can have signed it. */
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
  return Array.isArray(list) ? list.filter(isFields) : []
}

function fieldsIn(fields: Fields | undefined, name: string): Fields | undefined {
  const value = fields?.[name]
  return isFields(value) ? value : undefined
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
