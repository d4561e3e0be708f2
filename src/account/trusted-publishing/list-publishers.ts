import type {RegistryClient} from '@apkg/command-kit'
import {coversPackage} from '@apkg/wire'

import {ifOffered} from './not-offered.js'
import {publisherFromWire, type TrustedPublisher} from './trusted-publisher.js'

/** The trusted publishers of the scopes that you manage. */
export interface PublisherList {
  /** URL of the registry. */
  registry: string
  /** The trusted publishers, oldest first. */
  publishers: TrustedPublisher[]
  /** Scopes that only their trusted publishers can change, such as `@acme/*`. */
  required: string[]
}

/**
 * @param of a package or `@acme/*`, to list only what can publish it
 * @throws {ApkgError} `NOT_OFFERED`; the errors of the client
 */
export async function listPublishers(client: RegistryClient, of?: string): Promise<PublisherList> {
  const {publishers, required = []} = await ifOffered(client, 'list trusted publishers', () =>
    client.call('listTrustedPublishers', {}),
  )
  const isWanted = (pattern: string) => of === undefined || overlaps(pattern, of)
  return {
    registry: client.registry,
    publishers: publishers.map(publisherFromWire).filter((each) => isWanted(each.package)),
    required: required.filter(isWanted),
  }
}

/** Whether some package is covered by both. Each is a package, or a scope such as `@acme/*`. */
function overlaps(one: string, other: string): boolean {
  return coversPackage([one], other) || coversPackage([other], one)
}
