import {mkdir, rename, rm, rmdir, writeFile} from 'node:fs/promises'
import path from 'node:path'

import type {Staging} from '../project/installation/staging.js'
import {inspectPath, type PathState} from './inspect-path.js'
import type {PlannedFile} from './plan-setup.js'
import {tryFileOperation} from './try-file-operation.js'
import type {OwnedFile, SetupLedger} from './setup-ledger.js'

/** A file that was written. */
export interface WrittenFile {
  /** Path within the project. */
  path: string
  /** The package that the file belongs to. */
  package: string
  status: 'created' | 'updated'
}

/** A file that was kept instead of being written or removed. */
export interface LeftFile {
  /** Path within the project. */
  path: string
  /** The package that the file belongs to. */
  package: string
  reason: string
  /** Whether the package no longer has the file, so that it would have been removed. */
  isOrphan: boolean
}

export interface SetupChanges {
  written: WrittenFile[]
  /** Paths. */
  removed: string[]
  left: LeftFile[]
}

/** What is to become of the files of tools. */
export interface SetupGoal {
  files: ReadonlyMap<string, PlannedFile>
  /** Whether a file that is not among these stays nevertheless. */
  keeps: (owned: OwnedFile) => boolean
}

type Owned = Pick<SetupLedger, 'files' | 'folders'>

const edited = 'you have changed it'
const foreign = 'it was there, and nothing says that apkg wrote it'

/**
 * What the ledger has to say before the first file changes, so that a process that is killed at any moment leaves nothing
 * of apkg's that the next one does not know: all that is owned, and all that may come.
 */
export function pendingOwnership(project: string, {files}: SetupGoal, before: Owned): Owned {
  const folders = [...files.values()].flatMap((planned) => foldersAbove(planned.path))
  const missing = folders.filter((folder) => inspectPath(project, folder).kind === 'absent')
  const all = [...files.values()].map((planned) => ownedFile(planned, before.files.get(planned.path)?.sha256))
  return {
    files: new Map([...before.files, ...all.map((each) => [each.path, each] as const)]),
    folders: new Set([...before.folders, ...missing]),
  }
}

/**
 * Removes, then writes files of tools. What apkg did not write, or somebody has changed since, is left and told, and so is
 * what the system refuses. Nothing is written or removed through a link.
 *
 * @param project the project's folder, absolute.
 * @param before what is owned, and the folders that `pendingOwnership` adds.
 * @returns `after`: what is owned then.
 */
export async function writeToolFiles(
  project: string,
  staging: Staging,
  goal: SetupGoal,
  before: Owned,
): Promise<{changes: SetupChanges; after: Owned}> {
  const folders = new Set(before.folders)
  const {kept, removed, left: orphans} = await removeOthers(project, goal, before)
  await removeEmpty(project, folders, [...kept.keys(), ...goal.files.keys()])
  const {owned, written, left} = await writeAll({project, staging, folders}, goal, before)
  const files = new Map([...kept, ...owned])
  await removeEmpty(project, folders, [...files.keys()])
  const needed = new Set([...files.keys()].flatMap(foldersAbove))
  return {
    changes: {written, removed, left: [...orphans, ...left]},
    after: {files, folders: new Set([...folders].filter((folder) => needed.has(folder)))},
  }
}

/** Removes what is owned and no more wanted. @returns `kept`: what stays apkg's. */
async function removeOthers(
  project: string,
  {files, keeps}: SetupGoal,
  before: Owned,
): Promise<{kept: Map<string, OwnedFile>; removed: string[]; left: LeftFile[]}> {
  const others = [...before.files.values()].filter((each) => !files.has(each.path))
  const kept = new Map(others.filter(keeps).map((each) => [each.path, each]))
  const removed: string[] = []
  const left: LeftFile[] = []
  for (const each of others.filter(({path: file}) => !kept.has(file))) {
    const found = inspectPath(project, each.path)
    if (found.kind === 'absent') continue
    const reason =
      whyNotOurs(found, each.sha256, edited) ?? (await tryFileOperation(() => rm(path.join(project, each.path))))
    if (reason === undefined) removed.push(each.path)
    else left.push({path: each.path, package: each.package, reason, isOrphan: true})
  }
  return {kept, removed, left}
}

/** Where files are written. */
interface Place {
  project: string
  staging: Staging
  /** Gets those that are made for files. */
  folders: Set<string>
}

/** Writes what is not there yet. @returns `owned`: what is apkg's of it. */
async function writeAll(
  place: Place,
  {files}: SetupGoal,
  before: Owned,
): Promise<{owned: Map<string, OwnedFile>; written: WrittenFile[]; left: LeftFile[]}> {
  const owned = new Map<string, OwnedFile>()
  const written: WrittenFile[] = []
  const left: LeftFile[] = []
  for (const planned of files.values()) {
    const known = before.files.get(planned.path)
    const {status, reason} = await writeOne(place, planned, known)
    const file = {path: planned.path, package: planned.package}
    const now = reason === undefined ? ownedFile(planned) : known
    if (now) owned.set(now.path, now)
    if (reason !== undefined) left.push({...file, reason, isOrphan: false})
    else if (status !== 'unchanged') written.push({...file, status})
  }
  return {owned, written, left}
}

/** @returns `reason`: why a file was left as it is. */
async function writeOne(
  place: Place,
  planned: PlannedFile,
  known: OwnedFile | undefined,
): Promise<{status: WrittenFile['status'] | 'unchanged'; reason?: string | undefined}> {
  const {path: file, sha256, isExecutable} = planned
  const found = inspectPath(place.project, file)
  const isThere = found.kind === 'file' && found.sha256 === sha256 && (found.isExecutable || !isExecutable)
  if (isThere) return {status: 'unchanged'}
  const reason =
    whyNotOurs(found, [sha256, ...(known?.sha256 ?? [])], known ? edited : foreign) ??
    (await tryFileOperation(() => write(place, planned)))
  return {status: found.kind === 'absent' ? 'created' : 'updated', reason}
}

function ownedFile(
  {path: file, package: name, version, tools, sha256}: PlannedFile,
  before: readonly string[] = [],
): OwnedFile {
  return {path: file, package: name, version, tools, sha256: [...new Set([sha256, ...before])]}
}

/** Why what is there is not replaced or removed; undefined where nothing is there, or what apkg wrote. */
function whyNotOurs(found: PathState, ours: readonly string[], otherwise: string): string | undefined {
  if (found.kind === 'absent') return undefined
  if (found.kind === 'blocked') return found.reason
  if (found.kind === 'folder') return 'it is a folder'
  return ours.includes(found.sha256) ? undefined : otherwise
}

/** Writes a file whole or not at all, whoever reads it meanwhile; what a killed process leaves is in staging. */
async function write(
  {project, staging, folders}: Place,
  {path: file, content, isExecutable}: PlannedFile,
): Promise<void> {
  const target = path.join(project, file)
  const unfinished = staging.place()
  await writeFile(unfinished, content, {flag: 'wx', mode: isExecutable ? 0o777 : 0o666})
  const first = await mkdir(path.dirname(target), {recursive: true})
  const made = foldersAbove(file).filter(
    (folder) => first !== undefined && path.join(project, folder).startsWith(first),
  )
  for (const folder of made) folders.add(folder)
  await rename(unfinished, target)
}

/** Removes empty folders among those that were made for files, except those above some. */
async function removeEmpty(project: string, folders: ReadonlySet<string>, files: readonly string[]): Promise<void> {
  const needed = new Set(files.flatMap(foldersAbove))
  const deepestFirst = [...folders].sort((one, other) => other.length - one.length)
  for (const folder of deepestFirst) {
    if (!needed.has(folder) && inspectPath(project, folder).kind === 'folder') {
      await rmdir(path.join(project, folder)).catch(() => undefined)
    }
  }
}

/** `['a/b', 'a']` for `a/b/c`. */
function foldersAbove(file: string): string[] {
  const folders: string[] = []
  for (let folder = path.posix.dirname(file); folder !== '.'; folder = path.posix.dirname(folder)) folders.push(folder)
  return folders
}
