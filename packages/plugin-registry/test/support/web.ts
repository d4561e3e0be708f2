import {join} from 'node:path'

import {defaultConfig, type ServerConfig} from '../../src/server/config.js'
import {Previews} from '../../src/server/previews/previews.js'
import {type CleanupScope, createWorld, type World} from './world.js'
import type {SentPackage} from './uploads.js'
import {boundary, uploadOf} from './uploads.js'

/** The response to a browser. */
export interface PageAnswer {
  status: number
  headers: Record<string, string | undefined>
  html: string
}

/** Requests a page, as a browser without a cookie does. */
export async function getPage({app}: World, url: string, headers: Record<string, string> = {}): Promise<PageAnswer> {
  const response = await app.inject({url, headers: {'user-agent': 'test', accept: 'text/html', ...headers}})
  return {status: response.statusCode, headers: response.headers as PageAnswer['headers'], html: response.body}
}

/** Publishes a package with real files through the API. */
export async function upload(world: World, token: string, sent: SentPackage): Promise<void> {
  const url = `/packages/${encodeURIComponent(sent.metadata.name)}`
  const headers = {'content-type': `multipart/form-data; boundary=${boundary}`}
  const {status, body} = await world.call('PUT', url, {token, headers, body: uploadOf(sent)})
  if (status !== 201) throw new Error(JSON.stringify(body))
}

/** Replaces what differs between two responses of the same page. */
export function withoutRequestId(html: string): string {
  return html.replace(/Request ID: <code>[^<]+/, 'Request ID: <code>')
}

/** A registry that makes previews, and a user, ada, with a session. */
export async function createWebWorld(
  t: CleanupScope,
  changes: Partial<ServerConfig> = {},
): Promise<{world: World; previews: Previews; token: string}> {
  let previews: Previews | undefined
  const world = await createWorld(t, changes, undefined, undefined, ({folder, store, blobs, log}) => {
    const place = {folder: join(folder, 'previews'), archive: defaultConfig.archive, version: '0.1.0'}
    previews = new Previews({store, blobs, log, ...place})
    return {previews}
  })
  t.after(() => previews!.close())
  await world.addUser('ada')
  const {accessToken} = await world.logIn('ada')
  return {world, previews: previews!, token: accessToken}
}
