import {randomUUID} from 'node:crypto'
import {type IncomingMessage, STATUS_CODES} from 'node:http'
import type {Duplex} from 'node:stream'

import {problemBody, problems, type ProblemCode} from '@apkg/wire'

/** An error of Node's HTTP parser. */
type ParseError = NodeJS.ErrnoException & {bytesParsed?: number; rawPacket?: Buffer}

type AllowedAt = (target: string) => string[]

/**
 * Responds to bytes that Node cannot parse as a request. For these, Node provides only the socket, not a reply object.
 *
 * @param allowedAt the methods of a request target; empty if it does not exist.
 */
export function replyParseError(error: ParseError, socket: Duplex, allowedAt: AllowedAt): void {
  if (error.code === 'ECONNRESET') {
    socket.destroy()
    return
  }
  const target = error.code === 'HPE_INVALID_METHOD' ? targetOf(error) : undefined
  if (target === undefined) writeProblem(socket, problemOf(error))
  else refuseMethod(socket, allowedAt(target))
}

/** Ends a connection whose request took too long to arrive. */
export function replyTimeout(socket: Duplex): void {
  writeProblem(socket, 'REQUEST_TIMEOUT')
}

/** Responds to CONNECT, for which Node provides only the socket. */
export function replyConnect({url = ''}: IncomingMessage, socket: Duplex, allowedAt: AllowedAt): void {
  writeProblem(socket, 'METHOD_NOT_ALLOWED', {allow: allowedAt(url).join(', ')})
}

function refuseMethod(socket: Duplex, allowed: string[]): void {
  if (allowed.length === 0) writeProblem(socket, 'NOT_FOUND')
  else writeProblem(socket, 'METHOD_NOT_ALLOWED', {allow: allowed.join(', ')})
}

function writeProblem(socket: Duplex, code: ProblemCode, headers: Record<string, string> = {}): void {
  if (!socket.writable) {
    socket.destroy()
    return
  }
  const requestId = randomUUID()
  const body = JSON.stringify(problemBody(code, requestId, messages[code]))
  const {status} = problems[code]
  const all = {
    ...headers,
    'x-request-id': requestId,
    'cache-control': 'no-store',
    'content-type': 'application/problem+json',
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  }
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    ...Object.entries(all).map(([name, value]) => `${name}: ${value}`),
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}

const messages: Partial<Record<ProblemCode, string>> = {VALIDATION: 'The request is not valid HTTP'}

function problemOf({code}: ParseError): ProblemCode {
  if (code === 'HPE_HEADER_OVERFLOW') return 'HEADERS_TOO_LARGE'
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'REQUEST_TIMEOUT' : 'VALIDATION'
}

/** The target of a request line whose method Node does not know. Undefined if the line is not a request line. */
function targetOf({rawPacket, bytesParsed = 0}: ParseError): string | undefined {
  const received = rawPacket?.toString('latin1') ?? ''
  // Other requests may precede the line.
  const start = received.lastIndexOf('\n', bytesParsed - 1) + 1
  return /^[\w!#$%&'*+.^`|~-]+ (\S+) HTTP\/1\.[01]\r?\n/.exec(received.slice(start))?.[1]
}
