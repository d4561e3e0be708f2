import {randomUUID} from 'node:crypto'
import {STATUS_CODES} from 'node:http'
import type {Socket} from 'node:net'

import {problemBody, problems, type ProblemCode} from '@apkg/wire'

/** Answers bytes that are no HTTP request, for which there is no reply object to answer with. */
export function replyParseError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const code = problemOf(error)
  const body = JSON.stringify(problemBody(code, randomUUID(), messages[code]))
  const {status} = problems[code]
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}

const messages: Partial<Record<ProblemCode, string>> = {VALIDATION: 'This is not an HTTP request that can be read'}

function problemOf({code}: NodeJS.ErrnoException): ProblemCode {
  if (code === 'HPE_HEADER_OVERFLOW') return 'HEADERS_TOO_LARGE'
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'REQUEST_TIMEOUT' : 'VALIDATION'
}
