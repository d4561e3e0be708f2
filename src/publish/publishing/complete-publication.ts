import type {Ports, RegistryClient} from '@apkg/command-kit'
import {scopeOf} from '@apkg/package-format'

import {assertTrusted, readTrust} from '../../trust/trust.js'
import type {Publication} from './prepare-publication.js'
import {publisherOf} from './publisher.js'
import {signPublication} from './sign-publication.js'
import type {SigningWish} from './choose-signer.js'

/** A publication that is to be sent. */
export interface CompletePublication {
  publication: Publication
  /** Who publishes; undefined where the registry does not say, or was not asked. */
  username: string | undefined
  /** What the author should know before it is sent, a sentence each. */
  warnings: string[]
}

/**
 * Does what depends on where a publication goes: the registry has to be the one of its scope, and gets its signature.
 *
 * @throws {ApkgError} what `assertTrusted`, `publisherOf` and `signPublication` throw.
 */
export async function completePublication(
  publication: Publication,
  client: RegistryClient,
  {offline, ...wish}: SigningWish & {offline: boolean},
  ports: Ports,
): Promise<CompletePublication> {
  const {name} = publication.metadata
  assertTrusted(await readTrust(ports.home), scopeOf(name), client.registry)
  const {username, warnings} = offline ? {username: undefined, warnings: []} : await publisherOf(client, name)
  const signed = await signPublication(publication, client, wish, ports)
  const all = [...publication.packed.warnings, ...warnings, ...signed.warnings]
  return {publication: signed.publication, username, warnings: all}
}
