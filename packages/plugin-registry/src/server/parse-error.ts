import {randomUUID} from 'node:crypto'
import type {Socket} from 'node:net'

import {problemBody} from '@apkg/wire'

/** Answers bytes that are no HTTP request, for which there is no reply object to answer with. */
export function replyParseError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const body = JSON.stringify(problemBody('VALIDATION', randomUUID(), 'This is not an HTTP request that can be read'))
  const head = [
    'HTTP/1.1 400 Bad Request',
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}
