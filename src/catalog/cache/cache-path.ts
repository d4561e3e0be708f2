import {createHash} from 'node:crypto'
import path from 'node:path'

import {formatIntegrity, isPackageName, isVersion, parseIntegrity} from '@apkg/package-format'

import {temporaryName} from './cached-file.js'
import type {TarballKey} from './tarball-key.js'

/** The directories that apkg keeps in the cache. The original client has its own next to them. */
export const tarballsFolder = 'tarballs'
export const packumentsFolder = 'packuments'
/** Recently looked up completion values. */
export const answersFolder = 'completion'

const tarballSuffix = '.tar.zst'

/** The path of a tarball, relative to the cache. */
export function tarballPath({registry, name, version, integrity}: TarballKey): string {
  const digest = parseIntegrity(integrity)
  if (digest === undefined || !isVersion(version)) throw new TypeError('a tarball is cached by version and SHA-256')
  // base64url keeps the name short enough for the longest version, without another level of directories.
  const file = `${version}_${Buffer.from(digest, 'hex').toString('base64url')}${tarballSuffix}`
  return path.join(tarballsFolder, registryFolder(registry), encodeName(name), file)
}

/**
 * Parses the path of a tarball; undefined if apkg didn't create the file.
 *
 * @param parts of the path, relative to the directory of its registry.
 */
export function readTarballPath(parts: readonly string[]): Omit<TarballKey, 'registry'> | undefined {
  const [folder = '', file = '', ...rest] = parts
  const [, version = '', encoded = ''] = /^([^_]+)_([\w-]{43})\.tar\.zst$/.exec(file) ?? []
  const digest = Buffer.from(encoded, 'base64url')
  const name = decodeName(folder)
  if (digest.toString('base64url') !== encoded || rest.length > 0) return undefined
  if (name === undefined || !isVersion(version)) return undefined
  return {name, version, integrity: formatIntegrity(digest)}
}

/** The file, relative to the cache, that holds the URL of a registry's directory. */
export function registryFile(registry: string): string {
  return path.join(tarballsFolder, registryFolder(registry), registryFileName)
}

export const registryFileName = 'registry'

/** The path of a packument, relative to the cache. */
export function packumentPath(registry: string, name: string): string {
  return path.join(packumentsFolder, registryFolder(registry), `${encodeName(name)}.json`)
}

/**
 * Whether apkg created a file. Anything else in the cache is left alone.
 *
 * @param parts of the path, relative to the cache.
 */
export function isCachePath(parts: readonly string[]): boolean {
  const [kind, ...below] = parts
  const isTemporary = temporaryName.test(parts.at(-1) ?? '')
  if (kind === answersFolder) return below.length === 1 && (isTemporary || /^[0-9a-f]{64}\.json$/.test(below[0] ?? ''))
  if (!isInRegistryFolder(parts)) return false
  if (isTemporary) return true
  const [, ...inRegistry] = below
  const [name = ''] = inRegistry
  const isFile = inRegistry.length === 1
  if (kind === tarballsFolder) {
    return (isFile && name === registryFileName) || readTarballPath(inRegistry) !== undefined
  }
  return isFile && name.endsWith('.json') && decodeName(name.slice(0, -'.json'.length)) !== undefined
}

/** Whether a path, relative to the cache, is a registry's directory or inside one. */
export function isInRegistryFolder([kind = '', folder = '']: readonly string[]): boolean {
  return [tarballsFolder, packumentsFolder].includes(kind) && /^[a-z0-9._-]{1,64}-[0-9a-f]{32}$/.test(folder)
}

/** By registry, since every file in a cache needs one. */
const registryFolders = new Map<string, string>()

/** The directory of a registry: its host, to be readable, and a hash of its URL, to be unique. */
function registryFolder(registry: string): string {
  const known = registryFolders.get(registry)
  if (known !== undefined) return known
  const host = new URL(registry).host.replace(/[^a-z0-9.-]/g, '_').slice(0, 64)
  const folder = `${host}-${createHash('sha256').update(registry).digest('hex').slice(0, 32)}`
  registryFolders.set(registry, folder)
  return folder
}

function encodeName(name: string): string {
  if (!isPackageName(name)) throw new TypeError('a package is cached by its name')
  return encodeURIComponent(name)
}

function decodeName(folder: string): string | undefined {
  const name = folder.replace(/^%40/, '@').replace('%2F', '/')
  return isPackageName(name) && encodeURIComponent(name) === folder ? name : undefined
}
