import {createHmac, randomBytes, timingSafeEqual} from 'node:crypto'

import type {FastifyReply, FastifyRequest} from 'fastify'

import type {Cookies} from './cookies.js'

/** A form that no page of this registry sent, or that is too old. */
export class FormRejected extends Error {
  override readonly name = 'FormRejected'
}

/**
 * Protects forms against other sites. A form carries a token that is derived from a cookie: that of the session, or before a
 * login, one that is only for this.
 */
export class FormGuard {
  constructor(
    private readonly cookies: Cookies,
    private readonly publicUrl: URL | undefined,
  ) {}

  /**
   * The token for a form on a page. Sets the cookie that it is bound to if there is none.
   *
   * @param session undefined before a login
   */
  tokenFor(session: string | undefined, request: FastifyRequest, reply: FastifyReply): string {
    const bound = session ?? this.cookies.read('form', request)
    if (bound !== undefined) return tokenOf(bound)
    const value = randomBytes(32).toString('base64url')
    this.cookies.set('form', value, request, reply)
    return tokenOf(value)
  }

  /** @throws {FormRejected} */
  assertOwn(request: FastifyRequest): void {
    const bound = this.#bound(request)
    const {token = ''} = (request.body ?? {}) as Record<string, string>
    if (!this.#isSameOrigin(request) || bound === undefined || !isEqual(token, tokenOf(bound))) throw new FormRejected()
  }

  /**
   * Signs a message that the next page shows, so that no link can make a page say something.
   *
   * @param session the session of the browser, which the message ends with
   */
  signNotice(text: string, session: string): {notice: string; seal: string} {
    return {notice: text, seal: sealOf(text, session)}
  }

  /** @returns the message that `signNotice` signed for this session */
  readNotice(query: Readonly<Record<string, string | undefined>>, session: string | undefined): string | undefined {
    const {notice, seal} = query
    if (notice === undefined || seal === undefined || session === undefined) return undefined
    return isEqual(seal, sealOf(notice, session)) ? notice : undefined
  }

  #bound(request: FastifyRequest): string | undefined {
    return this.cookies.read('session', request) ?? this.cookies.read('form', request)
  }

  /** Browsers without `Sec-Fetch-Site` send `Origin` with every form. */
  #isSameOrigin(request: FastifyRequest): boolean {
    const {'sec-fetch-site': site, origin} = request.headers
    if (site !== undefined) return site === 'same-origin'
    return origin === (this.publicUrl ?? new URL(`${request.protocol}://${request.host}`)).origin
  }
}

function tokenOf(value: string): string {
  return createHmac('sha256', value).update('form').digest('base64url')
}

function sealOf(text: string, session: string): string {
  return createHmac('sha256', session).update(`notice\0${text}`).digest('base64url')
}

function isEqual(one: string, other: string): boolean {
  const [bytes, otherBytes] = [Buffer.from(one), Buffer.from(other)]
  return bytes.length === otherBytes.length && timingSafeEqual(bytes, otherBytes)
}
