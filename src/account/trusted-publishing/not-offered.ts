import {refusalBehind, type RegistryClient} from '@apkg/command-kit'
import type {ProblemCode} from '@apkg/wire'

import {failure} from '../failures.js'

/**
 * Runs a request for trusted publishing.
 *
 * @param purpose completes "Cannot …"
 * @throws {ApkgError} `NOT_OFFERED` if the registry doesn't support it; errors of `request` are passed on
 */
export async function ifOffered<Result>(
  {registry}: RegistryClient,
  purpose: string,
  request: () => Promise<Result>,
): Promise<Result> {
  try {
    return await request()
  } catch (error) {
    const {status, code} = refusalBehind(error) ?? {}
    const isMissing = status === 404 && code !== ('TRUSTED_PUBLISHER_UNKNOWN' satisfies ProblemCode)
    if (!isMissing && status !== 405) throw error
    const suggestions = [`create a token for the job instead: \`apkg token create --registry ${registry}\``]
    throw failure('NOT_OFFERED', {purpose, registry, suggestions}, {cause: error})
  }
}
