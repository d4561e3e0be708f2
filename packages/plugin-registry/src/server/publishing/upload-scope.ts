import type {IncomingMessage} from 'node:http'

import type {FastifyInstance, FastifyRequest} from 'fastify'

import {drain, type DrainLimits} from '../http/drain.js'
import {parseJsonBody} from '../http/json-body.js'
import {replyProblem} from '../http/problem-reply.js'
import {Refusal} from '../http/refusal.js'
import {holderOf} from '../auth/actor.js'
import type {UploadSlots} from './upload-slots.js'
import {Upload, type UploadLimits} from './upload.js'

declare module 'fastify' {
  interface FastifyRequest {
    upload: Upload | undefined
  }
}

/**
 * Makes the routes of a scope accept only multipart/form-data. The metadata becomes the body of the request; the tarball
 * is left for the handler to read.
 */
export function acceptUploadsOnly(scope: FastifyInstance, limits: UploadLimits, slots: UploadSlots): void {
  scope.decorateRequest('upload', undefined)
  scope.removeAllContentTypeParsers()
  // After authorization, and before any of the body is read.
  scope.addHook('preParsing', async ({credential}, reply) => {
    if (credential) reply.raw.once('close', slots.take(holderOf(credential).id))
  })
  scope.addContentTypeParser('multipart/form-data', async (request: FastifyRequest, payload: IncomingMessage) => {
    request.upload = new Upload(payload, request.headers['content-type'] ?? '', limits)
    return parseJsonBody(await request.upload.metadata())
  })
  scope.setErrorHandler(async (error, request, reply) => {
    await request.upload?.close()
    // Clients send the complete upload before they read the response.
    if (!isTimeout(error)) await drain(request.raw, drainLimits(limits))
    if (!request.raw.complete) void reply.header('connection', 'close')
    return replyProblem(error, request, reply)
  })
}

/** Larger than the upload limit, so that uploads that exceed it still get a response. */
function drainLimits({tarball, stop}: UploadLimits): DrainLimits {
  return {maxBytes: tarball + 64 * 1024 * 1024, ...(stop.aborted && {timeout: 300})}
}

function isTimeout(error: unknown): boolean {
  return error instanceof Refusal && error.code === 'REQUEST_TIMEOUT'
}
