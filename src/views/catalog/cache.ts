import {byteSize, fromNow, printable, success, type Screen} from '@apkg/command-kit'

import type {CachedTarball} from '../../catalog/cache/list-cache.js'
import type {TarballKey} from '../../catalog/cache/tarball-key.js'
import type {CacheCheck} from '../../catalog/cache/verify-cache.js'
import {counted} from '../counted.js'
import {table} from '@apkg/command-kit/table'

/**
 * The packages in the cache: a table on a terminal, otherwise one line each with tab-separated fields (name and version,
 * bytes, time, registry).
 */
export function cachedTarballTable(tarballs: readonly CachedTarball[], screen: Screen, now: Date): string {
  const rows = tarballs.map((each) => {
    const time = each.cachedAt.toISOString()
    const facts = screen.isTerminal ? [byteSize(each.size), fromNow(time, now)] : [String(each.size), time]
    return [nameOf(each), ...facts, registryOf(each)]
  })
  return table(['PACKAGE', 'SIZE', 'CACHED AT', 'REGISTRY'], rows, screen, ['REGISTRY', 'CACHED AT'])
}

export function cacheTotalNote(tarballs: readonly CachedTarball[]): string {
  if (tarballs.length === 0) return 'Cache is empty.'
  return `${counted(tarballs.length, 'package')} cached (${byteSize(tarballs.reduce((sum, {size}) => sum + size, 0))} total)`
}

export function cleanedCacheNote({packages: count, bytes}: {packages: number; bytes: number}): string {
  if (count === 0 && bytes === 0) return 'Cache is already empty.'
  return `Cleared ${counted(count, 'cached package')} (${byteSize(bytes)} freed).`
}

export function cacheCheckText({checked, corrupt}: CacheCheck): string {
  if (checked === 0) return ''
  const lines = [`Checked ${counted(checked, 'package')}:`, `  ${checked - corrupt.length} ok`]
  return [...lines, ...(corrupt.length > 0 ? [`  ${corrupt.length} corrupt (removed)`] : []), ''].join('\n')
}

/** @returns undefined if packages were corrupt, because the text already says so. */
export function cacheCheckNote({checked, corrupt}: CacheCheck): string | undefined {
  if (checked === 0) return 'Cache is empty, nothing to verify.'
  return corrupt.length === 0 ? success('All cached packages verified successfully.') : undefined
}

export function corruptTarballWarning(tarball: TarballKey): string {
  return `${nameOf(tarball)} was corrupt (hash mismatch) and has been removed`
}

function nameOf({name, version}: TarballKey): string {
  return printable(`${name}@${version}`)
}

function registryOf({registry}: TarballKey): string {
  return printable(registry)
}
