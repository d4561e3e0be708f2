import {createHash} from 'node:crypto'
import {promisify} from 'node:util'
import {brotliCompress, constants, gzip} from 'node:zlib'

import type {FastifyReply, FastifyRequest} from 'fastify'
import {renderToString} from 'preact-render-to-string'

import {matchesEtag} from '../http/conditional-request.js'
import type {AssetName, Assets} from './assets.js'
import {encodingFor} from './encoding.js'
import {Layout} from './layout.js'
import type {Cookies} from './cookies.js'
import type {Links} from './links.js'
import type {PageContent} from './page.js'

export interface PageOptions {
  assets: Assets
  links: Links
  cookies: Cookies
  hasLogin: boolean
  anonymousRead: boolean
  version: string
}

const compressors = {
  br: (bytes: Buffer) => promisify(brotliCompress)(bytes, {params: {[constants.BROTLI_PARAM_QUALITY]: 4}}),
  gzip: (bytes: Buffer) => promisify(gzip)(bytes),
}

/** Renders pages and sends them. */
export class PageSender {
  constructor(private readonly options: PageOptions) {}

  async send(content: PageContent, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const {status = 200, isPrivate = false} = content
    const html = Buffer.from(this.#render(content, request))
    const etag = `W/"${createHash('sha256').update(html).digest('base64url').slice(0, 27)}"`
    void reply.code(status).headers({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': isPrivate || status >= 400 ? 'no-store' : this.#caching(request),
      vary: 'Cookie, Accept-Encoding',
      ...(!isPrivate && status === 200 && {etag}),
    })
    if (status === 200 && matchesEtag(request.headers['if-none-match'], etag.slice(2))) return reply.code(304).send()
    // With a secret in the page, its compressed size would reveal information about it (BREACH).
    const encoding = isPrivate ? undefined : encodingFor(request.headers['accept-encoding'])
    if (!encoding) return reply.send(html)
    return reply.header('content-encoding', encoding).send(await compressors[encoding](html))
  }

  #caching({headers}: FastifyRequest): string {
    const isShared = this.options.anonymousRead && headers.cookie === undefined
    return isShared ? 'public, max-age=0, must-revalidate' : 'private, no-cache'
  }

  #render({body, ...content}: PageContent, request: FastifyRequest): string {
    const {assets, links, cookies, hasLogin, version} = this.options
    const isLoggedIn = cookies.read('session', request) !== undefined
    const asset = (name: AssetName) => links.to(assets.path(name))
    return `<!doctype html>\n${renderToString(
      <Layout {...content} {...{asset, links, hasLogin, isLoggedIn, version}} address={request.url}>
        {body}
      </Layout>,
    )}`
  }
}
