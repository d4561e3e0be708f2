import {createHash} from 'node:crypto'
import path from 'node:path'

import {formatIntegrity, isPackageName, isVersion, parseIntegrity} from '@apkg/package-format'

import {unfinishedName} from './cached-file.js'
import type {TarballKey} from './tarball-key.js'

/** Our folders in a cache. The original client's lie beside them. */
export const tarballsFolder = 'tarballs'
export const packumentsFolder = 'packuments'
/** Values for completion that were looked up a moment ago. */
export const answersFolder = 'completion'

const tarballSuffix = '.tar.zst'

/** Where a tarball is, from the cache's folder. */
export function tarballPath({registry, name, version, integrity}: TarballKey): string {
  const digest = parseIntegrity(integrity)
  if (digest === undefined || !isVersion(version)) throw new TypeError('a tarball is cached by version and SHA-256')
  // As base64url the longest version leaves room for it; a folder more would cost more than the tarball in it.
  const file = `${version}_${Buffer.from(digest, 'hex').toString('base64url')}${tarballSuffix}`
  return path.join(tarballsFolder, registryFolder(registry), encodeName(name), file)
}

/**
 * What a tarball's path says of it; undefined where it is none of ours.
 *
 * @param parts of the path, from the folder of its registry on.
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

/** The file, from the cache's folder, that says which registry's tarballs lie around it. */
export function registryFile(registry: string): string {
  return path.join(tarballsFolder, registryFolder(registry), registryFileName)
}

export const registryFileName = 'registry'

/** Where a packument is, from the cache's folder. */
export function packumentPath(registry: string, name: string): string {
  return path.join(packumentsFolder, registryFolder(registry), `${encodeName(name)}.json`)
}

/**
 * Whether we put something there. What else lies in a cache is not ours to remove.
 *
 * @param parts of the path, from the cache's folder on.
 */
export function isCachePath(parts: readonly string[]): boolean {
  const [kind, second = '', first = '', ...others] = parts
  if (kind === answersFolder)
    return parts.length === 2 && (/^[0-9a-f]{64}\.json$/.test(second) || unfinishedName.test(second))
  if (!isInRegistryFolder(parts)) return false
  if (unfinishedName.test(parts.at(-1) ?? '')) return true
  if (kind === tarballsFolder) {
    return (first === registryFileName && others.length === 0) || readTarballPath([first, ...others]) !== undefined
  }
  return others.length === 0 && first.endsWith('.json') && decodeName(first.slice(0, -'.json'.length)) !== undefined
}

/** Whether a path, from the cache's folder on, is that of a registry's folder or of something in it. */
export function isInRegistryFolder([kind = '', folder = '']: readonly string[]): boolean {
  return [tarballsFolder, packumentsFolder].includes(kind) && /^[a-z0-9._-]{1,64}-[0-9a-f]{32}$/.test(folder)
}

/** The folder of one registry: its host, for people, and a hash of its URL. */
function registryFolder(registry: string): string {
  const host = new URL(registry).host.replace(/[^a-z0-9.-]/g, '_').slice(0, 64)
  return `${host}-${createHash('sha256').update(registry).digest('hex').slice(0, 32)}`
}

function encodeName(name: string): string {
  if (!isPackageName(name)) throw new TypeError('a package is cached by its name')
  return encodeURIComponent(name)
}

function decodeName(folder: string): string | undefined {
  const name = folder.replace(/^%40/, '@').replace('%2F', '/')
  return isPackageName(name) && encodeURIComponent(name) === folder ? name : undefined
}
