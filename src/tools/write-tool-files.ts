import {closeSync, mkdirSync, openSync, writeFileSync} from 'node:fs'
import {rm, rmdir} from 'node:fs/promises'
import path from 'node:path'

import type {Staging} from '../project/installation/staging.js'
import {moveInto} from '../files/move-into.js'
import {turnEvery} from '../files/turn-every.js'
import {inspectPath, type PathState} from './inspect-path.js'
import {realPathsIn} from './linked-folders.js'
import type {LeftFile} from './left-file.js'
import type {PlannedFile} from './plan-setup.js'
import type {OwnedFile, SetupLedger} from './setup-ledger.js'
import {tryFileOperation, type FileRefusal} from './try-file-operation.js'

/** A file that was written. */
export interface WrittenFile {
  /** Path within the project. */
  path: string
  /** The package that the file belongs to. */
  package: string
  status: 'created' | 'updated'
}

export interface SetupChanges {
  written: WrittenFile[]
  /** Paths. */
  removed: string[]
  left: LeftFile[]
}

/** Which tool files there should be. */
export interface SetupGoal {
  /** By path. */
  files: ReadonlyMap<string, PlannedFile>
  /** Whether to keep an owned file that is not among `files`. */
  keeps: (owned: OwnedFile) => boolean
}

type Owned = Pick<SetupLedger, 'files' | 'folders'>

const modified: FileRefusal = {kind: 'modified', reason: 'modified locally'}
export const unmanaged: FileRefusal = {kind: 'unmanaged', reason: 'not created by apkg'}

/**
 * The files and directories to list in the ledger before the first one changes: all that are owned, and all that may be
 * created. So a process killed at any moment leaves no file that the ledger does not list.
 */
export function pendingOwnership(project: string, {files}: SetupGoal, before: Owned): Owned {
  const missing = [...allFoldersAbove(files.keys())].filter((folder) => inspectPath(project, folder).kind === 'absent')
  const all = [...files.values()].map((planned) => ownedFile(planned, before.files.get(planned.path)?.sha256))
  return {
    files: new Map([...before.files, ...all.map((each) => [each.path, each] as const)]),
    folders: new Set([...before.folders, ...missing]),
  }
}

/**
 * Removes, then writes tool files. Files that apkg did not create, that were modified, or that cannot be written are kept
 * and reported. Nothing is written or removed through a link: paths must be real ones, and those through links are refused.
 *
 * @param project the project's directory, absolute.
 * @param before owned files and directories, including the directories that `pendingOwnership` adds.
 * @returns `after`: the files and directories owned afterwards.
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
  const needed = allFoldersAbove(files.keys())
  return {
    changes: {written, removed, left: [...orphans, ...left]},
    after: {files, folders: new Set([...folders].filter((folder) => needed.has(folder)))},
  }
}

/** Removes owned files that are no longer needed. @returns `kept`: the owned files that stay. */
async function removeOthers(
  project: string,
  {files, keeps}: SetupGoal,
  before: Owned,
): Promise<{kept: Map<string, OwnedFile>; removed: string[]; left: LeftFile[]}> {
  const others = [...before.files.values()].filter((each) => !files.has(each.path))
  const kept = new Map(others.filter(keeps).map((each) => [each.path, each]))
  const removed: string[] = []
  const left: LeftFile[] = []
  const realPath = realPathsIn(project)
  for (const each of others.filter(({path: file}) => !kept.has(file))) {
    // Its directory was replaced with a link within the project, so this is another file.
    if (realPath(each.path) !== each.path) continue
    const found = inspectPath(project, each.path)
    if (found.kind === 'absent') continue
    const refusal =
      whyUnmanaged(found, each.sha256, modified) ?? (await tryFileOperation(() => rm(path.join(project, each.path))))
    if (refusal === undefined) removed.push(each.path)
    else left.push({path: each.path, package: each.package, ...refusal, isOrphan: true})
  }
  return {kept, removed, left}
}

interface Destination {
  project: string
  staging: Staging
  /** Created directories are added to it. */
  folders: Set<string>
}

/** Writes missing and outdated files. @returns `owned`: the planned files that apkg owns then. */
async function writeAll(
  destination: Destination,
  {files}: SetupGoal,
  before: Owned,
): Promise<{owned: Map<string, OwnedFile>; written: WrittenFile[]; left: LeftFile[]}> {
  const owned = new Map<string, OwnedFile>()
  const written: WrittenFile[] = []
  const left: LeftFile[] = []
  const turn = turnEvery(32)
  for (const planned of files.values()) {
    await turn()
    const known = before.files.get(planned.path)
    const {status, refusal} = await writeOne(destination, planned, known)
    const file = {path: planned.path, package: planned.package}
    const now = refusal === undefined ? ownedFile(planned) : known
    if (now) owned.set(now.path, now)
    if (refusal !== undefined) left.push({...file, ...refusal, isOrphan: false})
    else if (status !== 'unchanged') written.push({...file, status})
  }
  return {owned, written, left}
}

/** @returns `refusal`: why a file was not written. */
async function writeOne(
  destination: Destination,
  planned: PlannedFile,
  known: OwnedFile | undefined,
): Promise<{status: WrittenFile['status'] | 'unchanged'; refusal?: FileRefusal | undefined}> {
  const {path: file, sha256, isExecutable} = planned
  const found = inspectPath(destination.project, file)
  const isCurrent = found.kind === 'file' && found.sha256 === sha256 && (found.isExecutable || !isExecutable)
  if (isCurrent) return {status: 'unchanged'}
  const refusal =
    whyUnmanaged(found, [sha256, ...(known?.sha256 ?? [])], known ? modified : unmanaged) ??
    (await tryFileOperation(() => write(destination, planned)))
  return {status: found.kind === 'absent' ? 'created' : 'updated', refusal}
}

function ownedFile(
  {path: file, package: name, version, tools, sha256}: PlannedFile,
  before: readonly string[] = [],
): OwnedFile {
  return {path: file, package: name, version, tools, sha256: [...new Set([sha256, ...before])]}
}

/** Why a path must not be replaced or removed; undefined if it is absent, or a file whose content apkg wrote. */
function whyUnmanaged(found: PathState, hashes: readonly string[], otherwise: FileRefusal): FileRefusal | undefined {
  if (found.kind === 'absent') return undefined
  if (found.kind === 'blocked') return found.refusal
  if (found.kind === 'folder') return {kind: 'obstructed', reason: 'it is a directory'}
  return hashes.includes(found.sha256) ? undefined : otherwise
}

/**
 * Writes a file atomically. A killed process leaves its temporary file in staging. Most files are small, so synchronous
 * calls are faster than handing them to another thread.
 */
async function write(
  {project, staging, folders}: Destination,
  {path: file, content, isExecutable}: PlannedFile,
): Promise<void> {
  const target = path.join(project, file)
  const temporary = staging.nextPath()
  const descriptor = openSync(temporary, 'wx', isExecutable ? 0o777 : 0o666)
  try {
    writeFileSync(descriptor, content)
  } finally {
    closeSync(descriptor)
  }
  const first = mkdirSync(path.dirname(target), {recursive: true})
  if (first !== undefined) {
    const created = foldersAbove(file).filter((folder) => path.join(project, folder).startsWith(first))
    for (const folder of created) folders.add(folder)
  }
  await moveInto(temporary, target)
}

/** Removes the empty ones of some directories, except those above some files. */
async function removeEmpty(project: string, folders: ReadonlySet<string>, files: readonly string[]): Promise<void> {
  const needed = allFoldersAbove(files)
  const deepestFirst = [...folders].sort((a, b) => b.length - a.length)
  for (const folder of deepestFirst) {
    if (!needed.has(folder) && inspectPath(project, folder).kind === 'folder') {
      await rmdir(path.join(project, folder)).catch(() => undefined)
    }
  }
}

/** `['a/b', 'a']` for `a/b/c`. */
function foldersAbove(file: string): string[] {
  const folders: string[] = []
  for (let end = file.lastIndexOf('/'); end > 0; end = file.lastIndexOf('/', end - 1)) folders.push(file.slice(0, end))
  return folders
}

/** The directories above some files, each once. */
function allFoldersAbove(files: Iterable<string>): Set<string> {
  const all = new Set<string>()
  for (const file of files) {
    for (let end = file.lastIndexOf('/'); end > 0; end = file.lastIndexOf('/', end - 1)) {
      const folder = file.slice(0, end)
      // Those above it were added with it.
      if (all.has(folder)) break
      all.add(folder)
    }
  }
  return all
}
