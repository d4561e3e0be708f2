import {rm} from 'node:fs/promises'
import path from 'node:path'

import type {Trait} from '@apkg/package-format/conversion'
import {isJsonObject, toolNamed} from '@apkg/wire'

import {writeAtomically} from '../files/replace-file.js'
import {seal, unseal} from '../files/seal.js'
import type {Staging} from '../project/installation/staging.js'
import {readBounded} from '../files/read-bounded.js'

/** A file that apkg wrote for a tool. */
export interface OwnedFile {
  path: string
  package: string
  version: string
  tools: string[]
  /** Hex. The hash of its content; while it is being replaced, also of its previous content. */
  sha256: string[]
}

/** A version of a package that a tool does not support. */
export interface UnsupportedPackage {
  package: string
  version: string
  tool: string
}

/** A version of a package that no tool reads. */
export type UnreadVersion = Pick<UnsupportedPackage, 'package' | 'version'>

/** What a version of a package can do in the tools that it was set up for. */
export interface SetUpRecord {
  package: string
  version: string
  /** Names. */
  tools: string[]
  traits: Trait[]
  /** Whether the traits list sources. Absent from the records of earlier releases. */
  knowsSources?: boolean
}

/** What apkg has created in a project for tools. Files that are not listed are never changed. */
export interface SetupLedger {
  /** What the files were last synced with; undefined while that is unfinished. */
  basis: string | undefined
  /** By path. */
  files: ReadonlyMap<string, OwnedFile>
  /** Directories that were created for files, relative, with forward slashes. */
  folders: ReadonlySet<string>
  /** Reported to the user before, so that each is reported once. */
  unsupported: readonly UnsupportedPackage[]
  /** As `unsupported`, for packages of types that no tool reads. */
  unread: readonly UnreadVersion[]
  /** What the packages can do that are set up. Ledgers of earlier releases have none. */
  records: readonly SetUpRecord[]
  /** Whether apkg added a block to AGENTS.md. */
  hasAgentsBlock: boolean
  /** Whether apkg created CLAUDE.md as a link. */
  hasClaudeLink: boolean
}

const setupVersion = 1

/** Bytes. */
const maxLedgerSize = 16 * 1024 * 1024

const emptySetupLedger: SetupLedger = {
  basis: undefined,
  files: new Map(),
  folders: new Set(),
  unsupported: [],
  unread: [],
  records: [],
  hasAgentsBlock: false,
  hasClaudeLink: false,
}

/** The path of the ledger. @param packagesFolder `apkg_packages`, absolute. */
export function setupLedgerFile(packagesFolder: string): string {
  return path.join(packagesFolder, '.setup.json')
}

/** The ledger of a project. A missing or damaged one, or one written with another key, is read as empty. */
export async function readSetupLedger(file: string, key: Uint8Array | undefined): Promise<SetupLedger> {
  if (!key) return emptySetupLedger
  try {
    const text = unseal((await readBounded(file, maxLedgerSize)).toString('utf8'), key)
    return (text !== undefined && parse(JSON.parse(text))) || emptySetupLedger
  } catch {
    return emptySetupLedger
  }
}

/**
 * The paths of the files that apkg created in a project, relative to it, with forward slashes. They aren't authenticated,
 * so use them only to leave files out.
 */
export async function readPlacedPaths(project: string): Promise<ReadonlySet<string>> {
  try {
    const file = setupLedgerFile(path.join(project, 'apkg_packages'))
    const ledger = parse(JSON.parse((await readBounded(file, maxLedgerSize)).toString('utf8')))
    return new Set(ledger?.files.keys())
  } catch {
    return new Set()
  }
}

export interface SetupLedgerWriteOptions {
  /** The key that `readSetupLedger` will be called with. */
  key: Uint8Array
  staging: Staging
}

/** Replaces the ledger; an empty one is removed. */
export async function writeSetupLedger(
  file: string,
  ledger: SetupLedger,
  {key, staging}: SetupLedgerWriteOptions,
): Promise<void> {
  if (ledger.basis === undefined && isEmptySetupLedger(ledger)) return rm(file, {force: true})
  await writeAtomically(file, seal(format(ledger), key), {temporary: staging.nextPath()})
}

/** Whether the ledger lists nothing. */
export function isEmptySetupLedger(ledger: SetupLedger): boolean {
  const {files, folders, unsupported, unread, records, hasAgentsBlock, hasClaudeLink} = ledger
  const count = files.size + folders.size + unsupported.length + unread.length + records.length
  return count === 0 && !hasAgentsBlock && !hasClaudeLink
}

function format({files, folders, ...rest}: SetupLedger): string {
  const byPath = [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1))
  return JSON.stringify({setupVersion, ...rest, folders: [...folders].sort(), files: byPath})
}

function parse(value: unknown): SetupLedger | undefined {
  if (!isJsonObject(value) || value['setupVersion'] !== setupVersion) return undefined
  const {basis, files, folders, unsupported, unread, records, hasAgentsBlock, hasClaudeLink} = value
  if (basis !== undefined && typeof basis !== 'string') return undefined
  if (!Array.isArray(files) || !files.every(isOwnedFile) || !areStrings(folders)) return undefined
  return {
    basis,
    files: new Map(
      files.map((each) => [each.path, {...each, tools: each.tools.map((tool) => toolNamed(tool) ?? tool)}]),
    ),
    folders: new Set(folders),
    unsupported: Array.isArray(unsupported) ? unsupported.filter(isUnsupportedPackage) : [],
    unread: Array.isArray(unread) ? unread.filter(isUnreadVersion) : [],
    records: Array.isArray(records) ? records.filter(isSetUpRecord) : [],
    hasAgentsBlock: hasAgentsBlock === true,
    hasClaudeLink: hasClaudeLink === true,
  }
}

function isOwnedFile(value: unknown): value is OwnedFile {
  return (
    isJsonObject(value) &&
    typeof value['path'] === 'string' &&
    typeof value['package'] === 'string' &&
    typeof value['version'] === 'string' &&
    areStrings(value['sha256']) &&
    areStrings(value['tools'])
  )
}

function isUnsupportedPackage(value: unknown): value is UnsupportedPackage {
  return isJsonObject(value) && areStrings([value['package'], value['version'], value['tool']])
}

function isSetUpRecord(value: unknown): value is SetUpRecord {
  return (
    isJsonObject(value) &&
    areStrings([value['package'], value['version']]) &&
    areStrings(value['tools']) &&
    Array.isArray(value['traits']) &&
    value['traits'].every(isTrait)
  )
}

function isTrait(value: unknown): value is Trait {
  if (!isJsonObject(value)) return false
  const {kind, tool, path: file, line, value: text, sha256 = ''} = value
  const areNullable = [tool, file].every((each) => each === null || typeof each === 'string')
  return areStrings([kind, text, sha256]) && areNullable && (line === null || typeof line === 'number')
}

function isUnreadVersion(value: unknown): value is UnreadVersion {
  return isJsonObject(value) && areStrings([value['package'], value['version']])
}

function areStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string')
}
