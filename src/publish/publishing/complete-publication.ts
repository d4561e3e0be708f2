import type {Ports, RegistryClient} from '@apkg/command-kit'
import {provenanceProblem} from '@apkg/package-format'
import type {PublishMetadata} from '@apkg/wire/protocol'

import {failure} from '../failures.js'
import {checkPin} from '../../trust/unread-trust.js'
import type {Publication} from './prepare-publication.js'
import {publisherOf} from './publisher.js'
import {signPublication} from './sign-publication.js'
import type {SigningOptions} from './choose-signer.js'

/** A publication, ready to be sent. */
export interface CompletePublication {
  publication: Publication
  /** The publisher; undefined if the registry doesn't say, or wasn't asked. */
  username: string | undefined
  /** One sentence each. */
  warnings: string[]
}

/**
 * Does everything that depends on the registry: checks the pin of the scope, fetches the publisher, and signs.
 *
 * @throws {ApkgError} `PROVENANCE_UNUSABLE`; the errors of `checkPin`, `publisherOf` and `signPublication`.
 */
export async function completePublication(
  publication: Publication,
  client: RegistryClient,
  {offline, 'dry-run': dryRun, ...signing}: SigningOptions & {offline: boolean; 'dry-run': boolean},
  ports: Ports,
): Promise<CompletePublication> {
  const {packed, metadata} = publication
  const {name} = metadata
  const unchecked = await checkPin(name, ports.home, client)
  const {username, warnings} = offline ? {username: undefined, warnings: []} : await publisherOf(client, name)
  const signed = await signPublication(publication, client, signing, ports)
  assertProvenance(signed.publication.metadata)
  const compatibility = dryRun ? packed.compatibilityWarnings : []
  const all = [...unchecked, ...packed.warnings, ...compatibility, ...warnings, ...signed.warnings]
  return {publication: signed.publication, username, warnings: all}
}

/** As the registry checks it, so that a dry run fails too. Signing has made the statement longer. */
function assertProvenance({provenance, integrity}: PublishMetadata): void {
  const problem = provenance && provenanceProblem(provenance, integrity)
  if (problem !== undefined) throw failure('PROVENANCE_UNUSABLE', {problem})
}
