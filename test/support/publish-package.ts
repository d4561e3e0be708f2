import {createHash} from 'node:crypto'

import {formatIntegrity} from '@apkg/package-format'
import {writeArchive} from '@apkg/package-format/archive'

/** A package as a test describes it; what is left out gets a default. */
export interface Draft {
  name: string
  version?: string
  type?: string
  visibility?: 'public' | 'private'
  dependencies?: Record<string, string>
  /** Texts by path, beside the manifest; one that begins with `#!` may be run. */
  files?: Record<string, string>
  tag?: string
}

export interface PackedDraft {
  metadata: Record<string, unknown> & {name: string; version: string; integrity: string}
  tarball: Uint8Array
  files: Record<string, string>
}

/** The package as it is sent: metadata, and a tarball that has its manifest. */
export async function packDraft({files = {}, tag, ...fields}: Draft): Promise<PackedDraft> {
  const manifest = {version: '1.0.0', type: 'skill', visibility: 'public' as const, dependencies: {}, ...fields}
  const all = {'apkg.json': `${JSON.stringify(manifest, undefined, 2)}\n`, ...files}
  const entries = Object.entries(all).map(([path, text]) => ({
    path,
    isExecutable: text.startsWith('#!'),
    content: Buffer.from(text),
  }))
  const tarball = await writeArchive(entries)
  const integrity = formatIntegrity(createHash('sha256').update(tarball).digest())
  return {metadata: {...manifest, integrity, ...(tag !== undefined && {tag})}, tarball, files: all}
}

/** Sends a packed package by the protocol, and returns the answer as it is. */
export async function sendPackage(
  registry: string,
  credential: string,
  {metadata, tarball}: PackedDraft,
): Promise<Response> {
  const form = new FormData()
  form.set('metadata', JSON.stringify(metadata))
  form.set('tarball', new Blob([tarball], {type: 'application/zstd'}), 'package.tar.zst')
  return fetch(`${registry}/packages/${encodeURIComponent(metadata.name)}`, {
    method: 'PUT',
    headers: {authorization: `Bearer ${credential}`},
    body: form,
  })
}

/** Publishes a package, which has to succeed. */
export async function publishPackage(registry: string, credential: string, draft: Draft): Promise<PackedDraft> {
  const packed = await packDraft(draft)
  const response = await sendPackage(registry, credential, packed)
  if (!response.ok) throw new Error(`${draft.name} was not published: ${response.status} ${await response.text()}`)
  return packed
}

/** Logs in by the protocol and returns the session's access token. */
export async function sessionOf(registry: string, username: string, password: string): Promise<string> {
  const response = await fetch(`${registry}/auth/login`, {
    method: 'POST',
    headers: {'content-type': 'application/json'},
    body: JSON.stringify({username, password}),
  })
  const {accessToken} = (await response.json()) as {accessToken: string}
  return accessToken
}
