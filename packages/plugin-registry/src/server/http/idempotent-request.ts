import {createHash} from 'node:crypto'
import type {IncomingHttpHeaders} from 'node:http'

import type {Endpoint} from '@apkg/wire/protocol'

import type {IdempotentRequest} from '../store/idempotency.js'

/** A request after validation. */
interface ValidRequest {
  headers: IncomingHttpHeaders
  params: unknown
  body: unknown
}

/**
 * The hash of a request's idempotency key, and a fingerprint of its method, path, parameters and body. Undefined if it
 * has no key.
 */
export function idempotentRequest(
  {method, path}: Pick<Endpoint, 'method' | 'path'>,
  {headers, params, body}: ValidRequest,
): IdempotentRequest | undefined {
  const key = headers['idempotency-key']
  if (typeof key !== 'string') return undefined
  return {key: sha256(key), fingerprint: sha256(JSON.stringify([method, path, params, body]))}
}

function sha256(text: string): Uint8Array {
  return createHash('sha256').update(text).digest()
}
