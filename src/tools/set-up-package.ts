import path from 'node:path'

import {defaultLimits, manifestFile, ManifestProblem, parseManifest} from '@apkg/package-format'
import {
  DefinitionProblem,
  findDefinitions,
  flatName,
  isSetUpType,
  textOf,
  toolConfigurationIn,
  type PackageFile,
} from '@apkg/package-format/conversion'

import type {LedgerPackage} from '../project/installation/ledger.js'
import {readBounded} from '../files/read-bounded.js'
import {sha256Of} from '../files/sha256.js'
import {UnusableFile} from '../files/unusable-file.js'
import type {SetUpPackage} from './tool.js'

/** A package that no tool can be set up for. */
export interface UndefinedPackage {
  name: string
  version: string
  /** A sentence. */
  reason: string
}

/** A package of a type that no tool reads. */
export interface UnreadPackage {
  name: string
  version: string
  unreadType: string
}

/** An installed package, as far as tools are concerned. */
export type ReadPackage = SetUpPackage | UndefinedPackage | UnreadPackage

/**
 * Reads an installed package for tools: exactly the files that were unpacked, except those that configure a tool.
 *
 * @param folder the package's directory, absolute.
 * @param installed as recorded in the ledger: its name is the resolved one, not the one in the package's own manifest.
 * @returns `problem`: why it was not read.
 */
export async function readSetUpPackage(
  folder: string,
  {name, version, files}: LedgerPackage,
): Promise<{setUp: ReadPackage; problem?: undefined} | {setUp?: undefined; problem: string}> {
  const read: PackageFile[] = []
  for (const {path: file, sha256, isExecutable} of files) {
    const content = await readUnchanged(path.join(folder, ...file.split('/')), sha256)
    if (!content) return {problem: `${file} was modified`}
    read.push({path: file, content, isExecutable})
  }
  return {setUp: setUpPackageOf({name, version}, read)}
}

/**
 * A package as far as tools are concerned.
 *
 * @param read its files, its manifest among them.
 */
export function setUpPackageOf(
  {name, version}: {name: string; version: string},
  read: readonly PackageFile[],
): ReadPackage {
  const manifest = manifestIn(read)
  if (!manifest) return {name, version, reason: `${manifestFile} is missing or invalid`}
  if (!isSetUpType(manifest.type)) return {name, version, unreadType: manifest.type}
  const {type, description, targets} = manifest
  const {top, nested} = toolConfigurationIn(
    read.map((file) => file.path),
    type,
  )
  const configuration = new Set([...top, ...nested])
  const placeable = read.filter((file) => !configuration.has(file.path))
  try {
    const definitions = findDefinitions(type, placeable)
    return {name, version, type, description, targets, flatName: flatName(name), files: placeable, definitions}
  } catch (error) {
    if (error instanceof DefinitionProblem) return {name, version, reason: error.message}
    throw error
  }
}

async function readUnchanged(file: string, sha256: string): Promise<Buffer | undefined> {
  try {
    const content = await readBounded(file, defaultLimits.unpacked)
    return sha256Of(content) === sha256 ? content : undefined
  } catch (error) {
    if (error instanceof UnusableFile || (error instanceof Error && 'code' in error)) return undefined
    throw error
  }
}

function manifestIn(
  files: readonly PackageFile[],
): {type: string; description: string; targets?: string[]} | undefined {
  const file = files.find((each) => each.path === manifestFile)
  try {
    return file && parseManifest(textOf(file)).manifest
  } catch (error) {
    if (error instanceof ManifestProblem) return undefined
    throw error
  }
}
