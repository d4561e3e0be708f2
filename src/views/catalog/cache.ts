import {printable} from '@apkg/command-kit'

import type {CacheCheck, CachedTarball} from '../../catalog/cache/cache-content.js'
import type {TarballKey} from '../../catalog/cache/tarball-key.js'
import {byteSize} from '../byte-size.js'
import {table} from '@apkg/command-kit/table'

/**
 * The packages in the cache: on a terminal a table; anywhere else a line a package, its fields separated by tabs (name
 * and version, bytes, time, registry).
 */
export function cachedTarballs(tarballs: readonly CachedTarball[], screen: {isTerminal: boolean}): string {
  const rows = tarballs.map((each) => {
    const time = each.cachedAt.toISOString()
    const facts = screen.isTerminal ? [byteSize(each.size), time.slice(0, 10)] : [String(each.size), time]
    return [nameOf(each), ...facts, registryOf(each)]
  })
  return table(['PACKAGE', 'SIZE', 'CACHED AT', 'REGISTRY'], rows, screen)
}

/** How much the cache holds. */
export function cacheTotal(tarballs: readonly CachedTarball[]): string {
  if (tarballs.length === 0) return 'Cache is empty.'
  return `${packages(tarballs.length)} cached (${byteSize(tarballs.reduce((sum, {size}) => sum + size, 0))} total)`
}

export function cleanedCache({packages: count, bytes}: {packages: number; bytes: number}): string {
  if (count === 0 && bytes === 0) return 'Cache is already empty.'
  return `Cleared ${count} cached package${count === 1 ? '' : 's'} (${byteSize(bytes)} freed).`
}

export function cacheCheck({checked, corrupt}: CacheCheck): string {
  if (checked === 0) return ''
  const lines = [`Checked ${packages(checked)}:`, `  ${checked - corrupt.length} ok`]
  return [...lines, ...(corrupt.length > 0 ? [`  ${corrupt.length} corrupted (removed)`] : []), ''].join('\n')
}

/** What is to be said after a check, beside what was found. */
export function cacheCheckOutcome({checked, corrupt}: CacheCheck): string | undefined {
  if (checked === 0) return 'Cache is empty, nothing to verify.'
  return corrupt.length === 0 ? 'All cached packages verified successfully.' : undefined
}

export function corruptTarball(tarball: TarballKey): string {
  return `corrupted (${nameOf(tarball)} — hash mismatch, removed)`
}

function nameOf({name, version}: TarballKey): string {
  return printable(`${name}@${version}`)
}

function registryOf({registry}: TarballKey): string {
  return printable(registry)
}

function packages(count: number): string {
  return `${count} package${count === 1 ? '' : 's'}`
}
