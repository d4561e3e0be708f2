import type {FastifyInstance, FastifyReply, FastifyRequest, RouteOptions} from 'fastify'

import {isLoopbackHost} from '../http/loopback.js'
import {allowedMethods} from '../http/allowed-methods.js'
import type {Previews} from '../previews/previews.js'
import {Refusal} from '../http/refusal.js'
import {Assets} from './assets.js'
import type {BrowserSessions} from './browser-sessions.js'
import type {Call} from './call.js'
import {Cookies} from './cookies.js'
import {type ErrorPages, errorPages} from './error-pages.js'
import {FormGuard, FormRejected} from './form-guard.js'
import {Links} from './links.js'
import type {Page, PageContext} from './page.js'
import {pageHeaders, transportHeaders} from './page-headers.js'
import {accountPages} from './pages/account.js'
import {devicePages} from './pages/device.js'
import {rejectedForm, sentBefore} from './pages/fields.js'
import {homePage} from './pages/home.js'
import {invitePages} from './pages/invite.js'
import {loginPages} from './pages/login.js'
import {scopePage} from './pages/scope.js'
import {searchPage} from './pages/search.js'
import {packagePages} from './pages/package.js'
import {maxFormSize, parseForm} from './parse-form.js'
import {returnPath} from './return-path.js'
import {PageSender} from './send-page.js'

export interface WebPorts {
  sessions: BrowserSessions
  call: Call
  /** The URL of the registry, without a trailing slash. */
  baseUrl: () => string
  publicUrl: URL | undefined
  /** Whether anyone can log in. */
  hasUsers: () => Promise<boolean>
  /** Whether public packages can be read without a credential. */
  anonymousRead: boolean
  /** What pages show of tarballs. */
  previews: Previews | undefined
  /** The version of apkg. */
  version: string
}

/** The pages: their routes, and the responses that replace problems. */
export interface Web {
  routes: RouteOptions[]
  /** Registers the routes in a scope, with what only pages need. The API parses no forms. */
  register: (app: FastifyInstance) => Promise<void>
  replyError: ErrorPages
}

/** Whether refusals at an address are pages. */
export function isPageAddress(url: string): boolean {
  return /^\/(?:$|\?|@|%40|-\/)/i.test(url)
}

/** Asks search engines to stay away. Pages say so too, for those that were found by a link. */
const robots: RouteOptions = {
  method: 'GET',
  url: '/robots.txt',
  handler: async (_request, reply) =>
    reply.headers({'content-type': 'text/plain; charset=utf-8'}).send(Buffer.from('User-agent: *\nDisallow: /\n')),
}

/** Creates the web. @param ports what pages get their data from */
export function createWeb(ports: WebPorts): Web {
  const isLocal = isLoopbackHost(ports.publicUrl?.hostname ?? 'localhost')
  const transport = transportHeaders(ports.publicUrl, isLocal)
  const links = new Links(ports.publicUrl?.pathname.replace(/(?<!\/)\/+$/, '').replace(/^\/$/, '') ?? '')
  const assets = new Assets()
  const cookies = new Cookies(ports.publicUrl)
  const guard = new FormGuard(cookies, ports.publicUrl)
  const {sessions} = ports
  const pages: Page[] = [
    ...[homePage(ports), searchPage(), scopePage(), ...packagePages(ports)],
    ...[...loginPages(sessions), ...devicePages(sessions), ...accountPages(sessions)],
    ...invitePages(),
  ]
  const hasLogin = pages.some(({url}) => url === '/-/login')
  const sender = new PageSender({assets, links, cookies, hasLogin, ...ports})
  const isPage = pathsOf(pages)
  const parts = {links, sender, cookies, guard, isPage, ...ports}
  const routes = [...pages.map((page) => pageRoute(page, parts)), assets.route(), robots]
  return {
    routes,
    replyError: errorPages({links, sender, cookies, hasLogin, transport}),
    register: async (app) => {
      await app.register(async (scope) => {
        scope.removeAllContentTypeParsers()
        const type = 'application/x-www-form-urlencoded'
        scope.addContentTypeParser(
          type,
          {parseAs: 'string', bodyLimit: maxFormSize},
          async (_: unknown, body: string) => parseForm(body),
        )
        scope.addHook('onRequest', (request, reply, done) => {
          const target = redirectTarget(request, ports)
          if (target !== undefined) {
            void reply.header('cache-control', 'no-store').redirect(target, 307)
            return
          }
          void reply.headers({...pageHeaders, ...transport})
          done()
        })
        for (const route of routes) scope.route(route)
      })
    },
  }
}

/** The parameter of an address that a page was redirected to. */
const redirected = 'redirected'

/**
 * Where a GET of a page is redirected to, if its host isn't that of the public URL. Many proxies send the name or the
 * address of the server as the host. Those that are clearly internal are left alone. Others look like a real host, so
 * the address says that it was redirected to, and isn't redirected again: otherwise, this would be a loop.
 */
function redirectTarget(request: FastifyRequest, {publicUrl, baseUrl}: WebPorts): string | undefined {
  const {method, host, hostname, url, query, socket} = request
  if (!publicUrl || host === publicUrl.host || (method !== 'GET' && method !== 'HEAD')) return undefined
  const isInternal = !hostname.includes('.') || isLoopbackHost(hostname) || hostname === socket.localAddress
  if (isInternal || Object.hasOwn(query as object, redirected)) return undefined
  return `${baseUrl()}${url}${url.includes('?') ? '&' : '?'}${redirected}=1`
}

interface PageParts extends WebPorts {
  links: Links
  sender: PageSender
  cookies: Cookies
  guard: FormGuard
  isPage: (path: string) => boolean
}

/** Whether a path is that of a page that can be opened. */
function pathsOf(pages: readonly Page[]): (path: string) => boolean {
  const routes = pages.filter(({method = 'GET'}) => method === 'GET').map(({url}) => ({url, method: 'GET'}))
  const allowedAt = allowedMethods(routes as RouteOptions[])
  return (path) => allowedAt(path).length > 0
}

function pageRoute(page: Page, parts: PageParts): RouteOptions {
  const {url, method = 'GET', answer, needsLogin = false} = page
  const {sender, cookies, guard, links, sessions} = parts
  return {
    method,
    url,
    handler: async (request: FastifyRequest, reply: FastifyReply) => {
      for (const value of Object.values(request.query as object)) {
        if (Array.isArray(value)) throw new Refusal('VALIDATION', {message: 'A parameter of the URL is repeated'})
      }
      const context = contextOf(request, reply, parts)
      try {
        if (method === 'POST') guard.assertOwn(request)
        if (needsLogin && context.session === undefined)
          return await reply.redirect(links.login(loginTarget(request)), 303)
        // Otherwise, an expired session would be noticed only when a form is sent.
        if (needsLogin) await sessions.visitor(context.session ?? '', request)
        const content = await answer(context)
        if (!content) return await reply
        const notice = content.isPrivate ? guard.readNotice(context.query, context.session) : undefined
        return await sender.send({...content, notice}, request, reply)
      } catch (error) {
        if (error instanceof FormRejected) return await sender.send(rejectedForm(), request, reply)
        if (!(error instanceof Refusal) || context.session === undefined) throw error
        const readsSession = needsLogin || method === 'GET'
        if (!readsSession || !mayBeOfSession(error)) throw error
        const state = await sessions.state(context.session)
        if (state === 'valid') throw error
        if (state === 'replaced') {
          const next = links.to(method === 'GET' ? request.url : '/-/account')
          return await sender.send(sentBefore(next), request, reply)
        }
        cookies.clear('session', request, reply)
        const target = method === 'GET' && !needsLogin ? links.to(request.url) : links.login(loginTarget(request))
        return reply.header('cache-control', 'no-store').redirect(target, 303)
      }
    },
  }
}

/** A form can't be sent again after a login, so the page with the form is opened again. */
function loginTarget({method, url}: FastifyRequest): string {
  return method === 'GET' ? url : (url.split('?')[0] ?? '/')
}

function contextOf(request: FastifyRequest, reply: FastifyReply, parts: PageParts): PageContext {
  const {links, cookies, guard, isPage, call, baseUrl} = parts
  let session = cookies.read('session', request)
  const send: PageContext['callRaw'] = (name, input = {}) => call(name, input, request, session)
  return {
    ...{request, reply, links, registry: baseUrl(), callRaw: send},
    get session() {
      return session
    },
    query: request.query as PageContext['query'],
    form: (request.body ?? {}) as PageContext['form'],
    call: async (name, input) => {
      const {body, json} = await send(name, input)
      return (json ? JSON.parse(json.toString()) : body) as never
    },
    setSession(value) {
      session = value
      if (value === undefined) cookies.clear('session', request, reply)
      else cookies.set('session', value, request, reply)
    },
    formToken: () => guard.tokenFor(session, request, reply),
    returnPath: (path) => returnPath(path, isPage),
    redirect(path, notice) {
      const query = notice === undefined || session === undefined ? {} : guard.signNotice(notice, session)
      void reply.header('cache-control', 'no-store').redirect(links.to(path, query), 303)
      return undefined
    },
  }
}

/**
 * Whether the reason of a refusal can be that the session is no longer valid, and not that the visitor has to confirm
 * something. A network that sent too many invalid credentials gets no other information.
 */
function mayBeOfSession({code}: Refusal): boolean {
  return code.startsWith('CREDENTIAL_') || code === 'USER_DISABLED' || code === 'TOO_MANY_ATTEMPTS'
}
