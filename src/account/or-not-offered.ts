import {refusalBehind, type RegistryClient} from '@apkg/command-kit'
import type {ProblemCode} from '@apkg/wire'

import {failure} from './failures.js'

interface OfferQuery {
  /** Completes "Cannot …". */
  purpose: string
  /** What to do instead. */
  suggestion: string
  /** The codes of a 404 that is not about the endpoint. */
  unknown: readonly ProblemCode[]
}

/**
 * Runs a request that older registries don't know.
 *
 * @throws {ApkgError} `NOT_OFFERED` if the registry doesn't have the endpoint; errors of `request` are passed on
 */
export async function orNotOffered<Result>(
  {registry}: RegistryClient,
  {purpose, suggestion, unknown}: OfferQuery,
  request: () => Promise<Result>,
): Promise<Result> {
  try {
    return await request()
  } catch (error) {
    const {status, code} = refusalBehind(error) ?? {}
    const isMissing = status === 404 && !unknown.some((each) => each === code)
    if (!isMissing && status !== 405) throw error
    throw failure('NOT_OFFERED', {purpose, registry, suggestions: [suggestion]}, {cause: error})
  }
}
