import {parseCookie, stringifySetCookie} from 'cookie'
import type {FastifyReply, FastifyRequest} from 'fastify'

import {isLoopbackHost} from '../http/loopback.js'

/** The session, and before a login what the token of a form is bound to. */
export type CookieName = 'session' | 'form'

/** In seconds. The registry ends a session after the same time. */
const sessionAge = 14 * 24 * 3600

/**
 * Reads and sets cookies. Their names bind them to this host, https and every path. On loopback, where there is no https,
 * the name has the port, because browsers share cookies between ports.
 */
export class Cookies {
  constructor(private readonly publicUrl: URL | undefined) {}

  read(name: CookieName, request: FastifyRequest): string | undefined {
    const {cookie} = request.headers
    return cookie === undefined ? undefined : parseCookie(cookie)[this.#place(name, request).name] || undefined
  }

  set(name: CookieName, value: string, request: FastifyRequest, reply: FastifyReply): void {
    this.#send(name, value, {maxAge: sessionAge}, request, reply)
  }

  clear(name: CookieName, request: FastifyRequest, reply: FastifyReply): void {
    this.#send(name, '', {maxAge: 0}, request, reply)
  }

  #send(name: CookieName, value: string, age: {maxAge: number}, request: FastifyRequest, reply: FastifyReply): void {
    const place = this.#place(name, request)
    const attributes = {path: '/', httpOnly: true, sameSite: 'lax', secure: place.secure, ...age} as const
    void reply.header('set-cookie', stringifySetCookie(place.name, value, attributes))
  }

  #place(name: CookieName, request: FastifyRequest): {name: string; secure: boolean} {
    const {hostname, port} = this.publicUrl ?? request
    if (!isLoopbackHost(hostname.replace(/^\[|\]$/g, ''))) return {name: `__Host-apkg-${name}`, secure: true}
    return {name: `apkg-${name}-${port || 80}`, secure: false}
  }
}
