import {createHash} from 'node:crypto'

import type {VersionDraft} from '../../src/server/store/store.js'

export function sha256Of(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}

/** A version to publish. Its hash is computed from its name, version and content. */
export function versionDraft({
  content = '',
  ...changes
}: Partial<VersionDraft> & {name: string; content?: string}): VersionDraft {
  const version = changes.version ?? '1.0.0'
  const sha256 = changes.sha256 ?? sha256Of(`${changes.name}@${version} ${content}`)
  return {
    version,
    type: 'skill',
    visibility: 'public',
    sha256,
    blob: {key: `test/${sha256}`, isNew: true},
    size: 1000,
    unpackedSize: 3000,
    fileCount: 2,
    ...changes,
  }
}
