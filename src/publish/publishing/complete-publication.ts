import type {Ports, RegistryClient} from '@apkg/command-kit'
import {provenanceProblem} from '@apkg/package-format'
import type {PublishMetadata} from '@apkg/wire/protocol'

import type {JobSource} from '../../account/trusted-publishing/job-source.js'
import {failure} from '../failures.js'
import type {Publication} from './prepare-publication.js'
import {checkPermission} from './check-permission.js'
import {publisherOf} from './publisher.js'
import {signPublication} from './sign-publication.js'
import type {SigningOptions} from './choose-signer.js'

/** A publication, ready to be sent. */
export interface CompletePublication {
  publication: Publication
  /** The publisher; undefined if the registry doesn't say, or wasn't asked. */
  username: string | undefined
  /** The CI job that publishes; undefined if a person does. */
  job: JobSource | undefined
  /** One sentence each. */
  warnings: string[]
  /** Why a dry run could not find out whether the registry would accept the version. */
  unchecked: string | undefined
}

/**
 * Does everything that depends on the registry: fetches the publisher, and signs. A dry run also asks whether the registry would accept the version.
 *
 * @throws {ApkgError} `PROVENANCE_UNUSABLE`; `JOB_CANNOT_SIGN`; the errors of `publisherOf`, `signPublication`
 *   and `checkPermission`.
 */
export async function completePublication(
  publication: Publication,
  client: RegistryClient,
  {offline, 'dry-run': dryRun, ...signing}: SigningOptions & {offline: boolean; 'dry-run': boolean},
  ports: Ports,
): Promise<CompletePublication> {
  const {packed, metadata} = publication
  const {name} = metadata
  // A dry run connects without a credential that has to be requested.
  const isKnown = !offline && (client.credential !== undefined || (await client.demandCredential()))
  const nobody = {username: undefined, isOrganization: false, job: undefined, warnings: []}
  const {username, isOrganization, job, warnings} = isKnown ? await publisherOf(client, name) : nobody
  const signed = job
    ? unsignedByJob(publication, signing)
    : await signPublication(publication, client, {...signing, canBeUnsigned: isOrganization}, ports)
  assertProvenance(signed.publication.metadata)
  const compatibility = dryRun ? packed.compatibilityWarnings : []
  const unchecked = dryRun ? await checkPermission(client, signed.publication, {offline}) : undefined
  const all = [...packed.warnings, ...compatibility, ...warnings, ...signed.warnings]
  return {publication: signed.publication, username, job, warnings: all, unchecked}
}

/** The registry attests the job. A key that a job could use would be a stored secret again. */
function unsignedByJob(publication: Publication, {sign, key}: SigningOptions) {
  if (sign === true || key !== undefined) throw failure('JOB_CANNOT_SIGN')
  return {publication, warnings: []}
}

/** As the registry checks it, so that a dry run fails too. Signing has made the statement longer. */
function assertProvenance({provenance, integrity}: PublishMetadata): void {
  const problem = provenance && provenanceProblem(provenance, integrity)
  if (problem !== undefined) throw failure('PROVENANCE_UNUSABLE', {problem})
}
