import type {RegistryClient} from '@apkg/command-kit'

import {orNotOffered} from '../or-not-offered.js'

/**
 * Runs a request for trusted publishing.
 *
 * @param purpose completes "Cannot …"
 * @throws {ApkgError} `NOT_OFFERED` if the registry doesn't support it; errors of `request` are passed on
 */
export async function ifOffered<Result>(
  client: RegistryClient,
  purpose: string,
  request: () => Promise<Result>,
): Promise<Result> {
  const suggestion = `create a token for the job instead: \`apkg token create --registry ${client.registry}\``
  return orNotOffered(client, {purpose, suggestion, unknown: ['TRUSTED_PUBLISHER_UNKNOWN']}, request)
}
