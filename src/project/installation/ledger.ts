import {rename, rm, writeFile} from 'node:fs/promises'
import path from 'node:path'

import {isPackageName} from '@apkg/package-format'
import {isJsonObject} from '@apkg/wire'

import {readBounded} from '../../files/read-bounded.js'
import {seal, unseal} from '../../files/seal.js'

/** A file as it was installed: its content, and the metadata that shows whether it was touched since. */
export interface InstalledFile {
  /** Relative to the package's directory, with forward slashes. */
  path: string
  /** Bytes. */
  size: number
  /** Hex. */
  sha256: string
  isExecutable: boolean
  mtimeMs: number
  ctimeMs: number
  ino: number
}

export interface LedgerPackage {
  name: string
  version: string
  integrity: string
  files: readonly InstalledFile[]
}

/**
 * What apkg has installed in `apkg_packages`. A package is intact only if it is listed here and its files are as listed.
 */
export interface Ledger {
  /** What the packages were last synced with, see `input-digest.ts`; undefined while that is unfinished. */
  basis: string | undefined
  packages: ReadonlyMap<string, LedgerPackage>
  /** Packages that are being replaced. They belong to apkg, but after a kill their content is unknown. */
  changing: ReadonlySet<string>
  /** Names of packages that apkg linked, see `linked-packages.ts`. */
  links: ReadonlySet<string>
}

const ledgerVersion = 1

/** Bytes: about 250,000 files. */
const maxLedgerSize = 64 * 1024 * 1024

const emptyLedger: Ledger = {basis: undefined, packages: new Map(), changing: new Set(), links: new Set()}

/** The names of packages that apkg installed and that are not needed, sorted. */
export function orphansOf({packages, changing}: Ledger, needed: {has(name: string): boolean}): string[] {
  const managed = new Set([...packages.keys(), ...changing])
  return [...managed].filter((name) => !needed.has(name)).sort()
}

/** A package and its version. */
export interface PackageId {
  name: string
  version: string
}

/** The IDs of packages; those without a known version are left out. */
export function packageIds({packages}: Ledger, names: readonly string[]): PackageId[] {
  return names.flatMap((name) => packages.get(name) ?? []).map(({name, version}) => ({name, version}))
}

/**
 * The ledger of a project. A missing or damaged one, or one of another format or key, is read as empty: every package is
 * then installed again.
 *
 * @param key undefined if there is none yet.
 */
export async function readLedger(file: string, key: Uint8Array | undefined): Promise<Ledger> {
  if (!key) return emptyLedger
  try {
    const text = unseal((await readBounded(file, maxLedgerSize)).toString('utf8'), key)
    return (text !== undefined && parseLedger(JSON.parse(text))) || emptyLedger
  } catch {
    return emptyLedger
  }
}

export interface LedgerWriteOptions {
  /** The key that `readLedger` will be called with. */
  key: Uint8Array
  /** A directory of this process on the same file system. */
  scratch: string
}

/** Replaces the ledger; an empty one is removed. */
export async function writeLedger(file: string, ledger: Ledger, {key, scratch}: LedgerWriteOptions): Promise<void> {
  const {packages, changing, links} = ledger
  if (packages.size + changing.size + links.size === 0) return rm(file, {force: true})
  const temporary = path.join(scratch, 'ledger.json')
  await writeFile(temporary, seal(formatLedger(ledger), key))
  await rename(temporary, file)
}

export function isSameLedger(a: Ledger, b: Ledger): boolean {
  return formatLedger(a) === formatLedger(b)
}

function formatLedger({basis, changing, links, packages}: Ledger): string {
  return JSON.stringify({
    ledgerVersion,
    basis,
    changing: [...changing],
    ...(links.size > 0 && {links: [...links]}),
    packages: [...packages.values()],
  })
}

function parseLedger(value: unknown): Ledger | undefined {
  if (!isJsonObject(value) || value['ledgerVersion'] !== ledgerVersion) return undefined
  const {basis, changing, links = [], packages} = value
  if (basis !== undefined && typeof basis !== 'string') return undefined
  if (!isListOf(changing, isName) || !isListOf(links, isName) || !isListOf(packages, isLedgerPackage)) {
    return undefined
  }
  return {
    basis,
    changing: new Set(changing),
    links: new Set(links),
    packages: new Map(packages.map((each) => [each.name, each])),
  }
}

function isLedgerPackage(value: unknown): value is LedgerPackage {
  return (
    isJsonObject(value) &&
    isName(value['name']) &&
    typeof value['version'] === 'string' &&
    typeof value['integrity'] === 'string' &&
    isListOf(value['files'], isInstalledFile)
  )
}

function isInstalledFile(value: unknown): value is InstalledFile {
  return (
    isJsonObject(value) &&
    typeof value['path'] === 'string' &&
    typeof value['sha256'] === 'string' &&
    typeof value['isExecutable'] === 'boolean' &&
    (['size', 'mtimeMs', 'ctimeMs', 'ino'] as const).every((field) => typeof value[field] === 'number')
  )
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && isPackageName(value)
}

function isListOf<Item>(value: unknown, isItem: (item: unknown) => item is Item): value is Item[] {
  return Array.isArray(value) && value.every(isItem)
}
