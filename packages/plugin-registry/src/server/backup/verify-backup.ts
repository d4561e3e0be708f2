import {existsSync, readFileSync} from 'node:fs'

import {Value} from 'typebox/value'

import {blobFile} from '../blobs/file-blobs.js'
import {loadSqlite} from '../store/sqlite/driver.js'
import {inspectSnapshot, type ReferencedBlob} from '../store/sqlite/snapshot.js'
import {NewerSchema, StoreDamaged} from '../store/store-errors.js'
import {BackupDescription, backupFiles, hashFile} from './backup-folder.js'

/** A backup that cannot be restored. */
export class DamagedBackup extends Error {
  override readonly name = 'DamagedBackup'
  constructor(readonly problems: string[]) {
    super(problems.join('; '))
  }
}

export interface VerifiedBackup {
  description: BackupDescription
  blobs: ReferencedBlob[]
}

/**
 * Verifies every file of a backup, without changing anything.
 *
 * @throws {DamagedBackup}
 */
export async function verifyBackup(folder: string): Promise<VerifiedBackup> {
  const files = backupFiles(folder)
  const description = readDescription(files.description)
  const problems = await changedFiles(files, description)
  if (problems.length > 0) throw new DamagedBackup(problems)
  const {damage, blobs} = await inspect(files.database)
  for (const blob of blobs) {
    const problem = await blobProblem(files.blobs, blob)
    if (problem !== undefined) damage.push(problem)
  }
  if (damage.length > 0) throw new DamagedBackup(damage)
  return {description, blobs}
}

function readDescription(file: string): BackupDescription {
  if (!existsSync(file)) {
    throw new DamagedBackup(['backup.json is missing: this is not a backup, or it was not finished'])
  }
  const description = parse(readFileSync(file, 'utf8'))
  if (Value.Check(BackupDescription, description)) return description
  throw new DamagedBackup(['backup.json is damaged, or was written by a newer version'])
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

async function changedFiles(
  files: ReturnType<typeof backupFiles>,
  {database, key}: BackupDescription,
): Promise<string[]> {
  const expected = [
    {name: 'snapshot.db', file: files.database, sha256: database.sha256},
    {name: 'secret.key', file: files.key, sha256: key.sha256},
  ]
  const problems = expected.map(async ({name, file, sha256}) => {
    if (!existsSync(file)) return `${name} is missing`
    return (await hashFile(file)).sha256 === sha256 ? undefined : `${name} was changed after the backup`
  })
  return (await Promise.all(problems)).filter((problem) => problem !== undefined)
}

async function inspect(database: string) {
  try {
    return inspectSnapshot(await loadSqlite(), database)
  } catch (error) {
    if (error instanceof NewerSchema) throw new DamagedBackup([error.message])
    if (error instanceof StoreDamaged) throw new DamagedBackup(['snapshot.db is not a valid database'])
    throw error
  }
}

async function blobProblem(blobs: string, {sha256, size, version}: ReferencedBlob): Promise<string | undefined> {
  const file = blobFile(blobs, sha256)
  if (!existsSync(file)) return `the tarball of ${version} is missing (${sha256})`
  const found = await hashFile(file)
  return found.sha256 === sha256 && found.size === size ? undefined : `the tarball of ${version} is corrupt (${sha256})`
}
