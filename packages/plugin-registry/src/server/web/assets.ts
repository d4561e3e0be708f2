import {createHash} from 'node:crypto'
import {readFileSync} from 'node:fs'
import {brotliCompressSync, constants, gzipSync} from 'node:zlib'

import type {RouteOptions} from 'fastify'

import {encodingFor} from './encoding.js'
import {Refusal} from '../http/refusal.js'

const types = {css: 'text/css; charset=utf-8', js: 'text/javascript; charset=utf-8', svg: 'image/svg+xml'}

const names = ['style.css', 'page.js', 'search.js', 'invite.js', 'icon.svg'] as const

export type AssetName = (typeof names)[number]

class Asset {
  readonly bytes: Buffer
  readonly type: string
  /** The name in its address, which changes with its content. */
  readonly file: string
  #compressed: {br: Buffer; gzip: Buffer} | undefined

  constructor(name: AssetName) {
    this.bytes = readFileSync(new URL(`../../../assets/${name}`, import.meta.url))
    const extension = name.split('.').at(-1) as keyof typeof types
    this.type = types[extension]
    this.file = `${createHash('sha256').update(this.bytes).digest('hex').slice(0, 16)}.${extension}`
  }

  /** Compressed once, when it is first requested. */
  get compressed() {
    const {BROTLI_PARAM_QUALITY: quality} = constants
    return (this.#compressed ??= {
      br: brotliCompressSync(this.bytes, {params: {[quality]: 11}}),
      gzip: gzipSync(this.bytes, {level: 9}),
    })
  }
}

/** The style sheet, the scripts and the icon. */
export class Assets {
  readonly #all = new Map(names.map((name) => [name, new Asset(name)]))

  /** The path of an asset, for `Links.to`. */
  path(name: AssetName): string {
    return `/-/assets/${this.#all.get(name)?.file ?? ''}`
  }

  route(): RouteOptions {
    const byFile = new Map([...this.#all.values()].map((asset) => [asset.file, asset]))
    return {
      method: 'GET',
      url: '/-/assets/:file',
      handler: async ({params, headers}, reply) => {
        const asset = byFile.get((params as {file: string}).file)
        if (!asset) throw new Refusal('NOT_FOUND')
        const encoding = encodingFor(headers['accept-encoding'])
        return reply
          .headers({
            'content-type': asset.type,
            'cache-control': 'public, max-age=31536000, immutable',
            vary: 'accept-encoding',
            ...(encoding && {'content-encoding': encoding}),
          })
          .send(encoding ? asset.compressed[encoding] : asset.bytes)
      },
    }
  }
}
