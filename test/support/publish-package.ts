import {createHash} from 'node:crypto'

import {formatIntegrity} from '@apkg/package-format'
import {writeArchive} from '@apkg/package-format/archive'

/** A package to publish. Optional fields have defaults. */
export interface Draft {
  name: string
  version?: string
  type?: string
  visibility?: 'public' | 'private'
  dependencies?: Record<string, string>
  /** The contents of files by path, in addition to the manifest. A file that starts with `#!` is executable. */
  files?: Record<string, string>
  tag?: string
  /** The tools that it is made for. By default, all. */
  targets?: string[]
}

export interface PackedDraft {
  metadata: Record<string, unknown> & {name: string; version: string; integrity: string}
  tarball: Uint8Array
  files: Record<string, string>
}

/** Packs a package for an upload: metadata, and a tarball with the manifest. */
export async function packDraft({files = {}, tag, ...fields}: Draft): Promise<PackedDraft> {
  // A skill without its definition couldn't be set up.
  const type = Object.hasOwn(files, 'SKILL.md') ? 'skill' : 'library'
  const manifest = {version: '1.0.0', type, visibility: 'public' as const, dependencies: {}, ...fields}
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

/** Uploads a package and returns the response. */
export async function sendPackage(
  registry: string,
  credential: string,
  {metadata, tarball}: PackedDraft,
): Promise<Response> {
  const form = new FormData()
  form.set('metadata', JSON.stringify(metadata))
  form.set('tarball', new Blob([new Uint8Array(tarball)], {type: 'application/zstd'}), 'package.tar.zst')
  return fetch(`${registry}/packages/${encodeURIComponent(metadata.name)}`, {
    method: 'PUT',
    headers: {authorization: `Bearer ${credential}`},
    body: form,
  })
}

/** Publishes a package. Throws if that fails. */
export async function publishPackage(registry: string, credential: string, draft: Draft): Promise<PackedDraft> {
  const packed = await packDraft(draft)
  const response = await sendPackage(registry, credential, packed)
  if (!response.ok) throw new Error(`${draft.name} could not be published: ${response.status} ${await response.text()}`)
  return packed
}

/** Logs in and returns the access token of the session. */
export async function sessionOf(registry: string, username: string, password: string): Promise<string> {
  const response = await fetch(`${registry}/auth/login`, {
    method: 'POST',
    headers: {'content-type': 'application/json'},
    body: JSON.stringify({username, password}),
  })
  const {accessToken} = (await response.json()) as {accessToken: string}
  return accessToken
}
