import {rename, rm, writeFile} from 'node:fs/promises'
import path from 'node:path'

import {isJsonObject, isPackageName} from '@apkg/package-format'

import {readBounded} from '../../files/read-bounded.js'
import {seal, unseal} from './seal.js'

/** A file as it was installed: what it holds, and the traits by which the system shows that nobody has touched it. */
export interface InstalledFile {
  /** Relative to the package's folder, with forward slashes. */
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

export interface InstalledPackage {
  name: string
  version: string
  integrity: string
  files: readonly InstalledFile[]
}

/**
 * What apkg has put into `apkg_packages`. A package is whole only if it is listed here and its files are as listed.
 * While packages change places, those are listed as `changing`: theirs are our folders too, but nothing is known of what
 * is in them. So a process that is killed at any moment leaves nothing that is taken for whole.
 */
export interface Ledger {
  /** What the folder was last brought in line with, see `basis.ts`; undefined where that did not come to its end. */
  basis: string | undefined
  packages: ReadonlyMap<string, InstalledPackage>
  changing: ReadonlySet<string>
  /** Names in whose place there is a link of ours, see `links.ts`. */
  links: ReadonlySet<string>
}

const ledgerVersion = 1

/** Bytes: some quarter of a million files. */
const largestLedger = 64 * 1024 * 1024

const emptyLedger: Ledger = {basis: undefined, packages: new Map(), changing: new Set(), links: new Set()}

/** The names of packages that are ours and not wanted, sorted. */
export function orphansOf({packages, changing}: Ledger, wanted: {has(name: string): boolean}): string[] {
  const ours = new Set([...packages.keys(), ...changing])
  return [...ours].filter((name) => !wanted.has(name)).sort()
}

/** A package and its version. */
export interface PackageId {
  name: string
  version: string
}

/** The versions of packages, of those that were whole once. */
export function packageIds({packages}: Ledger, names: readonly string[]): PackageId[] {
  return names.flatMap((name) => packages.get(name) ?? []).map(({name, version}) => ({name, version}))
}

/**
 * The ledger of a project. One that is absent, damaged, of another version or not written with the same key knows of no
 * package: all are installed again then.
 *
 * @param key undefined where there is none yet.
 */
export async function readLedger(file: string, key: Uint8Array | undefined): Promise<Ledger> {
  if (!key) return emptyLedger
  try {
    const text = unseal((await readBounded(file, largestLedger)).toString('utf8'), key)
    return (text !== undefined && parseLedger(JSON.parse(text))) || emptyLedger
  } catch {
    return emptyLedger
  }
}

export interface LedgerWriting {
  /** What `readLedger` will be given. */
  key: Uint8Array
  /** A folder of this process on the same file system. */
  scratch: string
}

/** Replaces the ledger; one that knows of nothing is removed. */
export async function writeLedger(file: string, ledger: Ledger, {key, scratch}: LedgerWriting): Promise<void> {
  const {packages, changing, links} = ledger
  if (packages.size + changing.size + links.size === 0) return rm(file, {force: true})
  const unfinished = path.join(scratch, 'ledger.json')
  await writeFile(unfinished, seal(formatLedger(ledger), key))
  await rename(unfinished, file)
}

export function isSameLedger(some: Ledger, other: Ledger): boolean {
  return formatLedger(some) === formatLedger(other)
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
  if (!isListOf(changing, isName) || !isListOf(links, isName) || !isListOf(packages, isInstalledPackage)) {
    return undefined
  }
  return {
    basis,
    changing: new Set(changing),
    links: new Set(links),
    packages: new Map(packages.map((each) => [each.name, each])),
  }
}

function isInstalledPackage(value: unknown): value is InstalledPackage {
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
