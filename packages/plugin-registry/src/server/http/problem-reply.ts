import {problemBody, type ProblemCode, problems} from '@apkg/wire'
import type {FastifyError, FastifyReply, FastifyRequest} from 'fastify'

import {drain} from './drain.js'
import {BlobsUnavailable} from '../blobs/blobs-unavailable.js'
import {movedRefusal} from './moved-refusal.js'
import {Refusal, retryAfter} from './refusal.js'
import {isStorageFull} from '../operations/storage-full.js'
import {OutcomeUnknown, RegistryMoved, StoreBusy, UseNotRecorded} from '../store/store-errors.js'
import {describeValidation} from './validation.js'

/** The problem for each of fastify's own errors. */
const frameworkCodes: Record<string, ProblemCode> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'BODY_TOO_LARGE',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'UNSUPPORTED_MEDIA_TYPE',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'VALIDATION',
  FST_ERR_BAD_URL: 'VALIDATION',
  FST_ERR_MAX_PARAM_LENGTH: 'NOT_FOUND',
}

/** Responds with the problem of a refusal. Any other error is logged, and the response is INTERNAL. */
export async function replyProblem(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const {code, message, details, headers} = refusalFor(error, request)
  const challenge = challengeOf(code)
  if (challenge) void reply.header('www-authenticate', challenge)
  if (code === 'BODY_TOO_LARGE') await drain(request.raw)
  return reply
    .code(problems[code].status)
    .headers({'cache-control': 'no-store', 'x-request-id': request.id, ...headers})
    .type('application/problem+json')
    .send(problemBody(code, request.id, message, details))
}

/** The refusal of a request that failed. Logs an error that the operator has to know about. */
export function refusalFor(error: unknown, request: Pick<FastifyRequest, 'log'>): Refusal {
  const refusal = toRefusal(error)
  if (!refusal || isStoreFailure(error)) request.log.error({err: error}, 'request failed')
  return refusal ?? new Refusal('INTERNAL')
}

function toRefusal(error: unknown): Refusal | undefined {
  if (error instanceof Refusal) return error
  if (error instanceof StoreBusy || error instanceof UseNotRecorded) return retryAfter(1000, 'BUSY')
  if (error instanceof RegistryMoved) return movedRefusal()
  if (error instanceof BlobsUnavailable) return blobsUnavailable()
  if (error instanceof OutcomeUnknown) return new Refusal('OUTCOME_UNKNOWN')
  if (isStorageFull(error)) return new Refusal('STORAGE_FULL')
  const {validation, validationContext, code, statusCode} = error as FastifyError
  if (validation) return describeValidation(validation, validationContext)
  const known = frameworkCodes[code]
  if (known) return new Refusal(known)
  // Anything else that the framework refuses is a client error. Its message may quote the URL, so it is not passed on.
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) return new Refusal('VALIDATION')
  return undefined
}

function blobsUnavailable(): Refusal {
  const message = 'Tarballs are unavailable at the moment. Try again later'
  return new Refusal('BUSY', {message, headers: {'retry-after': '5'}})
}

/** Whether the operator has to know about an error, though the client can try again. */
function isStoreFailure(error: unknown): boolean {
  return [UseNotRecorded, OutcomeUnknown, BlobsUnavailable].some((kind) => error instanceof kind)
}

/** The `WWW-Authenticate` header of a refusal (RFC 6750 §3), if it has one. */
function challengeOf(code: ProblemCode): string | undefined {
  const {status, title} = problems[code]
  if (code === 'AUTH_MALFORMED') return challenge('invalid_request', title)
  if (code.startsWith('CREDENTIAL_') || code === 'USER_DISABLED') return challenge('invalid_token', title)
  if (status === 403) return challenge('insufficient_scope', title)
  return status === 401 ? 'Bearer realm="apkg"' : undefined
}

function challenge(error: string, description: string): string {
  return `Bearer realm="apkg", error="${error}", error_description="${description}"`
}
