import {TransportError} from './transport.js'

/** Names for what the system says, so that a user need not know the codes. */
const reasons: Record<string, string> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  ERR_HTTP_CONTENT_LENGTH_MISMATCH: 'the connection was cut',
  ENOTFOUND: 'the host is not known',
  EAI_AGAIN: 'the host could not be looked up',
  EHOSTUNREACH: 'the host is out of reach',
  ENETUNREACH: 'the network is out of reach',
  EPROTO: 'it does not speak TLS there',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed (NODE_EXTRA_CA_CERTS names certificates to trust)',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate chain is self-signed (NODE_EXTRA_CA_CERTS names certificates to trust)',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is of an unknown authority (NODE_EXTRA_CA_CERTS names more)',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
}

/** Those that come of a connection which stood already, so that the request may have arrived. */
const afterConnecting = new Set(['ECONNRESET', 'EPIPE', 'ERR_HTTP_CONTENT_LENGTH_MISMATCH'])

/** Those that another attempt may not meet. */
const passing = new Set(['ECONNRESET', 'EPIPE', 'EAI_AGAIN'])

/**
 * What got or the system threw, as what may leave the transport: got's errors carry the request with its headers.
 *
 * @param signal of the request.
 */
export function transportError(error: unknown, signal: AbortSignal): TransportError {
  if (error instanceof TransportError) return error
  if (signal.aborted) {
    const reason = signal.reason as unknown
    const outOfTime = reason instanceof Error && reason.name === 'TimeoutError'
    return outOfTime
      ? new TransportError('timeout', 'no answer in time')
      : new TransportError('interrupted', 'interrupted')
  }
  const code = codeOf(error)
  if (code === 'ETIMEDOUT') return new TransportError('timeout', 'no answer in time')
  const reason = reasons[code] ?? `the connection failed${code && ` (${code})`}`
  return new TransportError('unreachable', reason, afterConnecting.has(code) || reasons[code] === undefined)
}

/** Whether it is worth sending a GET again. */
export function isPassing(error: unknown): boolean {
  return passing.has(codeOf(error))
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
