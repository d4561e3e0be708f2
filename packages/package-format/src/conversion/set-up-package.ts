import {manifestFile} from '../manifest/manifest.js'
import {ManifestProblem, parseManifest} from '../manifest/parse-manifest.js'
import type {ConvertiblePackage} from './converted.js'
import {DefinitionProblem, findDefinitions} from './definitions.js'
import {flatName} from './flat-name.js'
import {isSetUpType, textOf, type PackageFile} from './package-files.js'
import {toolConfigurationIn} from './tool-configuration.js'

/** A package that tools are set up for. */
export interface SetUpPackage extends ConvertiblePackage {
  /** The tools that it's made for; undefined for all. */
  targets?: readonly string[] | undefined
}

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

/** A package, as far as tools are concerned. */
export type ReadPackage = SetUpPackage | UndefinedPackage | UnreadPackage

/**
 * A package as far as tools are concerned: its files, except those that configure a tool.
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
