import {
  byteProgressOn,
  isApkgError,
  type Output,
  printable,
  refusalBehind,
  type RegistryClient,
} from '@apkg/command-kit'
import type {PublishResponse, PublishMetadata} from '@apkg/wire/protocol'

import {failure} from '../failures.js'
import {isOutcomeUnknown} from '../../files/is-outcome-unknown.js'
import {hasSameContent} from './has-same-content.js'
import type {Publication} from './prepare-publication.js'
import {publishedIntegrity} from './published-integrity.js'

/** The outcome of a publication. Values that the registry doesn't report are undefined. */
export interface Published {
  /** `identical`: the registry already had the same version with the same content. */
  status: 'published' | 'identical'
  /** The integrity that the registry reports. */
  serverIntegrity: string | undefined
  /** The dist-tag that now points at the version. */
  tag: string | undefined
  /** The ID of the key that signed the version. */
  signer: string | undefined
  /** The URL of the version's page; undefined if the registry has no pages. */
  page: string | undefined
  /** One sentence each. */
  warnings: string[]
}

/**
 * Publishes a version. If the response is lost, checks whether it was published.
 *
 * @param stderr shows the progress.
 * @throws {ApkgError} `REFUSED` if the version exists with other content; `PUBLISH_MISMATCH`; `PUBLICATION_UNCERTAIN` if
 *   the response was lost and the version wasn't found; the errors of the client.
 */
export async function publish(client: RegistryClient, publication: Publication, stderr: Output): Promise<Published> {
  const {metadata, packed} = publication
  try {
    const response = await client.publish(metadata, packed.tarball, (total) =>
      byteProgressOn(stderr, {title: 'Uploading', total}),
    )
    assertAsSent(client, metadata, response)
    return {
      status: response.identical === true ? 'identical' : 'published',
      serverIntegrity: response.integrity ?? undefined,
      tag: response.tag ?? undefined,
      signer: response.signer ?? undefined,
      page: pageOf(client, response),
      warnings: warningsFor(metadata, response),
    }
  } catch (error) {
    if (refusalBehind(error)?.status === 409) return afterConflict(client, publication, error)
    if (isApkgError(error) && isOutcomeUnknown(error)) return resolveUnknownOutcome(client, metadata, error)
    throw error
  }
}

/** Undefined for an address that isn't the registry's own. */
function pageOf({registry}: RegistryClient, {page}: PublishResponse): string | undefined {
  const address = `${registry}${page ?? ''}`
  if (page?.startsWith('/') !== true || !URL.canParse(address)) return undefined
  const {href} = new URL(address)
  return href.startsWith(`${registry}/`) ? href : undefined
}

function assertAsSent({registry}: RegistryClient, sent: PublishMetadata, response: PublishResponse): void {
  const {name, version, integrity} = response
  const pairs: [string, string, string | null | undefined][] = [
    ['name', sent.name, name],
    ['version', sent.version, version],
    ['integrity', sent.integrity, integrity],
  ]
  const differences = pairs
    .filter(([, wanted, got]) => got !== null && got !== undefined && got !== wanted)
    .map(([field, wanted, got]) => `${field} is \`${printable(String(got))}\`, expected \`${wanted}\``)
  if (differences.length > 0) throw failure('PUBLISH_MISMATCH', {registry, differences})
}

/** A registry of the original protocol ignores dist-tags and signatures. */
function warningsFor({name, version, tag, signature}: PublishMetadata, response: Partial<PublishResponse>): string[] {
  const warnings: string[] = []
  if (tag !== undefined && tag !== response.tag) {
    const command = `apkg dist-tag add ${name}@${version} ${tag}`
    warnings.push(`The registry did not confirm the dist-tag "${tag}". Run \`${command}\` to set it.`)
  }
  if (signature && signature.keyId !== response.signer) {
    const reported = response.signer
      ? `reports ${printable(response.signer)} as the signer`
      : 'did not confirm the signature'
    warnings.push(`The registry ${reported}. A published version cannot be signed again.`)
  }
  return warnings
}

/** Only a successful response reports these. */
const unconfirmed = {tag: undefined, signer: undefined, page: undefined}

/**
 * A registry refuses an existing version if the bytes differ, some even if they are identical. The same content can be
 * compressed to other bytes.
 *
 * @throws {ApkgError} `REFUSED` if the content differs; `refused` if the version isn't found; the errors of
 *   `hasSameContent`.
 */
export async function afterConflict(
  client: RegistryClient,
  {metadata, packed}: Publication,
  refused: unknown,
): Promise<Published> {
  const {name, version, integrity} = metadata
  const found = await publishedIntegrity(client, name, version)
  if (found === undefined) throw refused
  if (found === integrity || (await hasSameContent(client, {name, version, integrity: found}, packed.tarball))) {
    return {...unconfirmed, status: 'identical', serverIntegrity: found, warnings: warningsFor(metadata, {})}
  }
  throw failure(
    'REFUSED',
    {
      purpose: `publish ${name}@${version}`,
      registry: client.registry,
      reason: 'this version already exists with different content',
      suggestions: ['set a new version with `apkg version patch`, then run `apkg publish`'],
    },
    {cause: refused},
  )
}

async function resolveUnknownOutcome(
  client: RegistryClient,
  metadata: PublishMetadata,
  lost: {message: string; exitCode: number},
): Promise<Published> {
  const {name, version, integrity} = metadata
  const found = await publishedIntegrity(client, name, version).catch(() => 'unknown' as const)
  if (found === integrity) {
    const note = `The response was lost (${lost.message}), but ${name}@${version} was published.`
    const warnings = [note, ...warningsFor(metadata, {})]
    return {...unconfirmed, status: 'published', serverIntegrity: found, warnings}
  }
  throw failure(
    'PUBLICATION_UNCERTAIN',
    {
      version: `${name}@${version}`,
      isAbsent: found === undefined,
      check: `apkg info ${name} --registry ${client.registry}`,
      exit: lost.exitCode,
      reason: lost.message,
    },
    {cause: lost},
  )
}
