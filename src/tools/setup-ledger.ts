import {rm} from 'node:fs/promises'
import path from 'node:path'

import {isJsonObject} from '@apkg/package-format'

import {writeAtomically} from '../files/replace-file.js'
import {seal, unseal} from '../project/installation/seal.js'
import type {Staging} from '../project/installation/staging.js'
import {readBounded} from '../files/read-bounded.js'

/** A file that apkg wrote for a tool. */
export interface OwnedFile {
  path: string
  package: string
  version: string
  tools: string[]
  /** Hex. What it holds; while it is being replaced, also what it held before. */
  sha256: string[]
}

/** A version of a package that a tool has no place for. */
export interface UnsupportedPackage {
  package: string
  version: string
  tool: string
}

/** What apkg has put into a project for tools. What is not in it is not apkg's to change. */
export interface SetupLedger {
  /** What the files were last brought in line with; undefined where that did not come to its end. */
  basis: string | undefined
  /** By path. */
  files: ReadonlyMap<string, OwnedFile>
  /** Folders that were made for files, relative, with forward slashes. */
  folders: ReadonlySet<string>
  /** What the user was told of, so that it is told once. */
  unsupported: readonly UnsupportedPackage[]
  /** Whether AGENTS.md has a block of apkg's. */
  hasAgentsBlock: boolean
  /** Whether CLAUDE.md is a link that apkg made. */
  hasClaudeLink: boolean
}

const setupVersion = 1

/** Bytes. */
const largestLedger = 16 * 1024 * 1024

const emptySetupLedger: SetupLedger = {
  basis: undefined,
  files: new Map(),
  folders: new Set(),
  unsupported: [],
  hasAgentsBlock: false,
  hasClaudeLink: false,
}

/** Where the ledger is. @param packagesFolder `apkg_packages`, absolute. */
export function setupLedgerFile(packagesFolder: string): string {
  return path.join(packagesFolder, '.setup.json')
}

/** The ledger of a project; one that is absent, damaged or not written with the user's key knows of nothing. */
export async function readSetupLedger(file: string, key: Uint8Array | undefined): Promise<SetupLedger> {
  if (!key) return emptySetupLedger
  try {
    const text = unseal((await readBounded(file, largestLedger)).toString('utf8'), key)
    return (text !== undefined && parse(JSON.parse(text))) || emptySetupLedger
  } catch {
    return emptySetupLedger
  }
}

export interface SetupLedgerWriting {
  /** What `readSetupLedger` will be given. */
  key: Uint8Array
  staging: Staging
}

/** Replaces the ledger; one that knows of nothing is removed. */
export async function writeSetupLedger(
  file: string,
  ledger: SetupLedger,
  {key, staging}: SetupLedgerWriting,
): Promise<void> {
  if (ledger.basis === undefined && isEmptySetupLedger(ledger)) return rm(file, {force: true})
  await writeAtomically(file, seal(format(ledger), key), {unfinished: staging.place()})
}

/** Whether nothing of apkg's is in the project, and nothing was told of what is not. */
export function isEmptySetupLedger({files, folders, unsupported, hasAgentsBlock, hasClaudeLink}: SetupLedger): boolean {
  return files.size + folders.size + unsupported.length === 0 && !hasAgentsBlock && !hasClaudeLink
}

function format({files, folders, ...rest}: SetupLedger): string {
  const byPath = [...files.values()].sort((one, other) => (one.path < other.path ? -1 : 1))
  return JSON.stringify({setupVersion, ...rest, folders: [...folders].sort(), files: byPath})
}

function parse(value: unknown): SetupLedger | undefined {
  if (!isJsonObject(value) || value['setupVersion'] !== setupVersion) return undefined
  const {basis, files, folders, unsupported, hasAgentsBlock, hasClaudeLink} = value
  if (basis !== undefined && typeof basis !== 'string') return undefined
  if (!Array.isArray(files) || !files.every(isOwnedFile) || !areTexts(folders)) return undefined
  return {
    basis,
    files: new Map(files.map((each) => [each.path, each])),
    folders: new Set(folders),
    unsupported: Array.isArray(unsupported) ? unsupported.filter(isUnsupportedPackage) : [],
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
    areTexts(value['sha256']) &&
    areTexts(value['tools'])
  )
}

function isUnsupportedPackage(value: unknown): value is UnsupportedPackage {
  return isJsonObject(value) && areTexts([value['package'], value['version'], value['tool']])
}

function areTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string')
}
