import {actorOf} from '../auth/actor.js'
import type {PublishedVersion} from '../http/openapi/index.js'
import {publishVersion} from '../publishing/publish-version.js'
import type {Handler} from './handler.js'
import {Reply} from './reply.js'

export const publishPackage: Handler<'publishPackage'> = async (call, ports) => {
  const {params, body: metadata, upload, credential, client} = call
  const sent = {name: params.name, metadata, tarball: upload.tarball(), credential, by: actorOf(credential, client)}
  const published = await publishVersion(sent, ports)
  const {name, version, integrity} = metadata
  ports.previews?.request({name, version})
  const response: PublishedVersion = {
    name,
    version,
    integrity,
    publishedAt: new Date(published.publishedAt).toISOString(),
    ...(published.outcome === 'identical' && {identical: true}),
    ...(published.tag !== undefined && {tag: published.tag}),
    ...(published.signer !== null && {signer: published.signer}),
    ...(ports.config.web && {page: `/${name}/v/${version}`}),
  }
  return new Reply(response, {status: published.outcome === 'identical' ? 200 : 201})
}
