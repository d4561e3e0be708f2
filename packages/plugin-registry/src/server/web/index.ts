import type {FastifyInstance, FastifyReply, FastifyRequest, RouteOptions} from 'fastify'

import {isLoopbackHost} from '../http/loopback.js'
import type {Previews} from '../previews/previews.js'
import {Refusal} from '../http/refusal.js'
import {Assets} from './assets.js'
import type {Call} from './call.js'
import {type ErrorPages, errorPages} from './error-pages.js'
import {Links} from './links.js'
import type {Page, PageContext} from './page.js'
import {pageHeaders, transportHeaders} from './page-headers.js'
import {homePage} from './pages/home.js'
import {searchPage} from './pages/search.js'
import {packagePages} from './pages/package.js'
import {maxFormSize, parseForm} from './parse-form.js'
import {PageSender} from './send-page.js'

export interface WebPorts {
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

/** The web: its routes, and what it answers instead of a problem. */
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

/** Creates the web. @param ports what pages get their data from */
export function createWeb(ports: WebPorts): Web {
  const isLocal = isLoopbackHost(ports.publicUrl?.hostname ?? 'localhost')
  const transport = transportHeaders(ports.publicUrl, isLocal)
  const links = new Links(ports.publicUrl?.pathname.replace(/(?<!\/)\/+$/, '').replace(/^\/$/, '') ?? '')
  const assets = new Assets()
  const pages: Page[] = [homePage(ports), searchPage(), ...packagePages(ports)]
  const hasLogin = pages.some(({url}) => url === '/-/login')
  const sender = new PageSender({assets, links, hasLogin, ...ports})
  const routes = [...pages.map((page) => pageRoute(page, {links, sender, ...ports})), assets.route()]
  return {
    routes,
    replyError: errorPages({links, sender, hasLogin}),
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

/**
 * Where a GET of a page at another host than that of the public URL is redirected to. Many proxies send the name or the
 * address of the server as the host, which must not become a loop: those are left alone.
 */
function redirectTarget(request: FastifyRequest, {publicUrl, baseUrl}: WebPorts): string | undefined {
  const {method, host, hostname, url, socket} = request
  if (!publicUrl || host === publicUrl.host || (method !== 'GET' && method !== 'HEAD')) return undefined
  const isInternal = !hostname.includes('.') || isLoopbackHost(hostname) || hostname === socket.localAddress
  return isInternal ? undefined : `${baseUrl()}${url}`
}

function pageRoute(
  {url, method = 'GET', answer}: Page,
  {links, sender, call, baseUrl}: WebPorts & {links: Links; sender: PageSender},
): RouteOptions {
  return {
    method,
    url,
    handler: async (request: FastifyRequest, reply: FastifyReply) => {
      const send: PageContext['callRaw'] = (name, input = {}) => call(name, input, request, undefined)
      const context: PageContext = {
        ...{request, reply, links, registry: baseUrl(), callRaw: send},
        call: async (name, input) => {
          const {body, json} = await send(name, input)
          return (json ? JSON.parse(json.toString()) : body) as never
        },
      }
      for (const value of Object.values(request.query as object)) {
        if (Array.isArray(value)) throw new Refusal('VALIDATION', {message: 'A parameter of the address is repeated'})
      }
      const content = await answer(context)
      return content ? sender.send(content, request, reply) : reply
    },
  }
}
