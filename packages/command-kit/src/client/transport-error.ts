import {TransportError} from './transport.js'

/** What the error codes of the system mean. */
const reasons: Record<string, string> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EPIPE: 'connection reset',
  ERR_HTTP_CONTENT_LENGTH_MISMATCH: 'connection reset',
  ENOTFOUND: 'host not found',
  EAI_AGAIN: 'host lookup failed',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'network unreachable',
  EPROTO: 'the server does not use TLS',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'self-signed certificate (trust it with NODE_EXTRA_CA_CERTS)',
  SELF_SIGNED_CERT_IN_CHAIN: 'self-signed certificate in the chain (trust it with NODE_EXTRA_CA_CERTS)',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificate signed by an unknown authority (trust it with NODE_EXTRA_CA_CERTS)',
  CERT_HAS_EXPIRED: 'certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificate is for another host',
}

/** Errors of an established connection, after which the request may have arrived. */
const afterConnecting = new Set(['ECONNRESET', 'EPIPE', 'ERR_HTTP_CONTENT_LENGTH_MISMATCH'])

/** Errors that are worth a retry. */
const transient = new Set(['ECONNRESET', 'EPIPE', 'EAI_AGAIN'])

/**
 * Converts an error of got or the system into one without headers. got's errors contain the headers of the request, and
 * so the credential.
 *
 * @param signal the request's signal, which shows whether it was interrupted or timed out
 */
export function transportError(error: unknown, signal: AbortSignal): TransportError {
  if (error instanceof TransportError) return error
  if (error instanceof Error && error.cause instanceof TransportError) return error.cause
  if (signal.aborted) {
    const reason = signal.reason as unknown
    const isTimeout = reason instanceof Error && reason.name === 'TimeoutError'
    return isTimeout
      ? new TransportError('timeout', 'the request timed out')
      : new TransportError('interrupted', 'interrupted')
  }
  const code = codeOf(error)
  if (code === 'ETIMEDOUT') return new TransportError('timeout', 'the request timed out')
  const maybeReceived = afterConnecting.has(code) || reasons[code] === undefined
  return new TransportError('unreachable', reasonOfCode(error), maybeReceived)
}

/** What a system error means. */
export function reasonOfCode(error: unknown): string {
  const code = codeOf(error)
  return reasons[code] ?? `connection failed${code && ` (${code})`}`
}

/** Whether a GET is worth sending again. */
export function isTransient(error: unknown): boolean {
  return transient.has(codeOf(error))
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
