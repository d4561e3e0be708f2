import {createHash, randomBytes} from 'node:crypto'

import {formatIntegrity} from '@apkg/package-format'
import {writeArchive} from '@apkg/package-format/archive'

import {tar} from '../../../package-format/test/support/raw-tar.js'
import {zst} from '../../../package-format/test/support/raw-zstd.js'
import type {Answer, World} from './world.js'

export interface SentPackage {
  metadata: Record<string, unknown> & {name: string; version: string; integrity: string}
  tarball: Uint8Array
}

export function integrityOf(tarball: Uint8Array): string {
  return formatIntegrity(createHash('sha256').update(tarball).digest())
}

/** A package with these fields in its manifest, and matching metadata. */
export async function packageOf(
  fields: Record<string, unknown> & {name: string},
  files: Record<string, string | Uint8Array> = {},
): Promise<SentPackage> {
  const manifest = {version: '1.0.0', type: 'skill', visibility: 'public', ...fields}
  const all = {'apkg.json': JSON.stringify(manifest), ...files}
  const entries = Object.entries(all).map(([path, content]) => ({
    path,
    isExecutable: false,
    content: typeof content === 'string' ? Buffer.from(content) : content,
  }))
  return uploadWith(manifest, await writeArchive(entries))
}

/** A package with a file of random bytes. It isn't compressed, since that takes seconds. */
export function largePackage(name: string, size: number): SentPackage {
  const manifest = {name, version: '1.0.0', type: 'skill', visibility: 'public'}
  const files = [
    {name: 'apkg.json', content: JSON.stringify(manifest)},
    {name: 'large', content: randomBytes(size)},
  ]
  return uploadWith(manifest, zst(tar(...files)))
}

/** Any bytes, with matching metadata. */
export function uploadWith(
  fields: Record<string, unknown> & {name: string; version?: string},
  tarball: Uint8Array,
): SentPackage {
  const metadata = {version: '1.0.0', type: 'skill', visibility: 'public', integrity: integrityOf(tarball), ...fields}
  return {metadata, tarball}
}

export const boundary = '6f1d8c0b5a7e9342-1b8f3d7c6a2e9054-c9d1e2f3a4b5c6d7-8e9f0a1b2c3d4e5f'

interface RawPart {
  name: string
  content: string | Uint8Array
  /** The rest of the header after the name. */
  header?: string
}

export function multipart(...parts: RawPart[]): Buffer {
  const pieces = parts.flatMap(({name, content, header = ''}) => [
    Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"${header}\r\n\r\n`),
    Buffer.from(content as string),
    Buffer.from('\r\n'),
  ])
  return Buffer.concat([...pieces, Buffer.from(`--${boundary}--\r\n`)])
}

const tarballHeader = '; filename="package.tar.zst"\r\nContent-Type: application/zstd'

/** An upload like those of the original client: sorted keys, and the first part without a type. */
export function uploadOf({metadata, tarball}: SentPackage): Buffer {
  const sorted = Object.fromEntries(Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1)))
  return multipart(
    {name: 'metadata', content: JSON.stringify(sorted)},
    {name: 'tarball', content: tarball, header: tarballHeader},
  )
}

export async function send(world: World, token: string, name: string, body: Buffer): Promise<Answer> {
  const headers = {'content-type': `multipart/form-data; boundary=${boundary}`}
  return world.call('PUT', `/packages/${encodeURIComponent(name)}`, {body, token, headers})
}

export async function publish(world: World, token: string, sent: SentPackage): Promise<Answer> {
  return send(world, token, sent.metadata.name, uploadOf(sent))
}
