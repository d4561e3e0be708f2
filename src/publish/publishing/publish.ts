import {isApkgError, printable, refusalBehind, type RegistryClient} from '@apkg/command-kit'
import type {PublishAnswer, PublishMetadata} from '@apkg/wire/protocol'

import {failure} from '../failures.js'
import {answerWasLost} from '../../files/lost-answer.js'
import type {Publication} from './prepare-publication.js'
import {publishedIntegrity} from './published-integrity.js'

/** How a publication ended. */
export interface Published {
  /** `identical`: the registry had the version already, with the same bytes. */
  status: 'published' | 'identical'
  /** What the registry says that it has; undefined where it does not say. */
  serverIntegrity: string | undefined
  /** The dist-tag that leads to the version since then; undefined where none does, or the registry does not say. */
  tag: string | undefined
  /** The id of the key that the version is signed with; undefined where it is not, or the registry does not say. */
  signer: string | undefined
  /** What the user should know about it, a sentence each. */
  warnings: string[]
}

/**
 * Publishes a version, and finds out what happened where the registry does not tell.
 *
 * @throws {ApkgError} what the client throws; `REFUSED` where the version exists with other bytes;
 *   `PUBLISH_MISMATCH`; `PUBLICATION_UNCERTAIN` where the answer was lost, and the version was not found.
 */
export async function publish(client: RegistryClient, {metadata, packed}: Publication): Promise<Published> {
  try {
    const answer = await client.publish(metadata, packed.tarball)
    assertAsSent(client, metadata, answer)
    return {
      status: answer.identical === true ? 'identical' : 'published',
      serverIntegrity: answer.integrity ?? undefined,
      tag: answer.tag ?? undefined,
      signer: answer.signer ?? undefined,
      warnings: warningsOn(metadata, answer),
    }
  } catch (error) {
    if (refusalBehind(error)?.status === 409) return afterConflict(client, metadata, error)
    if (isApkgError(error) && answerWasLost(error)) return afterLostAnswer(client, metadata, error)
    throw error
  }
}

function assertAsSent({registry}: RegistryClient, sent: PublishMetadata, answer: PublishAnswer): void {
  const {name, version, integrity} = answer
  const pairs: [string, string, string | null | undefined][] = [
    ['name', sent.name, name],
    ['version', sent.version, version],
    ['integrity', sent.integrity, integrity],
  ]
  const differences = pairs
    .filter(([, wanted, got]) => got !== null && got !== undefined && got !== wanted)
    .map(([field, wanted, got]) => `its ${field} is \`${printable(String(got))}\` instead of \`${wanted}\``)
  if (differences.length > 0) throw failure('PUBLISH_MISMATCH', {registry, differences})
}

/** A registry of the original protocol knows neither that a dist-tag can be asked for nor that authors sign. */
function warningsOn({name, version, tag, signature}: PublishMetadata, answer: Partial<PublishAnswer>): string[] {
  const warnings: string[] = []
  if (tag !== undefined && tag !== answer.tag) {
    const way = `\`apkg dist-tag add ${name}@${version} ${tag}\``
    warnings.push(`The registry does not say that it set the dist-tag \`${tag}\`; set it with ${way}.`)
  }
  if (signature && signature.keyId !== answer.signer) {
    const kept = answer.signer
      ? `has it signed by ${printable(answer.signer)}`
      : 'does not say that it kept the signature'
    warnings.push(`The registry ${kept}; a version that was published before stays as it was.`)
  }
  return warnings
}

/** What is not known where the registry did not answer that it published. */
const unsaid = {tag: undefined, signer: undefined}

/** Registries that do not tell identical bytes from others refuse both. */
async function afterConflict(client: RegistryClient, metadata: PublishMetadata, refused: unknown): Promise<Published> {
  const {name, version} = metadata
  const found = await publishedIntegrity(client, name, version)
  if (found === undefined) throw refused
  if (found === metadata.integrity) {
    return {...unsaid, status: 'identical', serverIntegrity: found, warnings: warningsOn(metadata, {})}
  }
  throw failure(
    'REFUSED',
    {
      purpose: `publish ${name}@${version}`,
      registry: client.registry,
      reason: 'this version exists, with other content',
      source: client.credential?.source,
      suggestions: ['raise `version` in apkg.json, and publish again'],
    },
    {cause: refused},
  )
}

async function afterLostAnswer(
  client: RegistryClient,
  metadata: PublishMetadata,
  lost: {message: string; exitCode: number},
): Promise<Published> {
  const {name, version, integrity} = metadata
  const found = await publishedIntegrity(client, name, version).catch(() => 'unknown' as const)
  if (found === integrity) {
    const note = `The answer was lost (${lost.message}), but the registry has ${name}@${version}.`
    const warnings = [note, ...warningsOn(metadata, {})]
    return {...unsaid, status: 'published', serverIntegrity: found, warnings}
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
