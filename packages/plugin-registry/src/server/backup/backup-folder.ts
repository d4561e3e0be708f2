import {createHash} from 'node:crypto'
import {createReadStream} from 'node:fs'
import path from 'node:path'

import {type Static, Type} from 'typebox'

import {snapshotName} from '../operations/data-folder.js'

/** The files of a backup. The description is written last; without it, the backup is incomplete. */
export interface BackupFiles {
  description: string
  database: string
  /** A directory for the database of a backup that is being made. */
  building: string
  key: string
  /** Same layout as in a data directory. */
  blobs: string
}

export function backupFiles(folder: string): BackupFiles {
  return {
    description: path.join(folder, 'backup.json'),
    database: path.join(folder, snapshotName),
    building: path.join(folder, 'building'),
    key: path.join(folder, 'secret.key'),
    blobs: path.join(folder, 'blobs'),
  }
}

const sha256 = Type.String({pattern: '^[0-9a-f]{64}$'})
const number = Type.Integer({minimum: 0})

/** The content of `backup.json`. */
export type BackupDescription = Static<typeof BackupDescription>
export const BackupDescription = Type.Object({
  format: Type.Literal(1),
  /** The version of the registry that made the backup. */
  version: Type.String(),
  /** When the snapshot was taken (RFC 3339). */
  createdAt: Type.String(),
  database: Type.Object({sha256, size: number}),
  key: Type.Object({sha256}),
  counts: Type.Object({
    users: number,
    packages: number,
    versions: number,
    blobs: number,
    /** The total size of the blobs. */
    bytes: number,
  }),
})

/** @returns the SHA-256 in hex and the number of bytes. */
export async function hashFile(file: string): Promise<{sha256: string; size: number}> {
  const hash = createHash('sha256')
  let size = 0
  for await (const chunk of createReadStream(file)) {
    hash.update(chunk as Uint8Array)
    size += (chunk as Uint8Array).length
  }
  return {sha256: hash.digest('hex'), size}
}
