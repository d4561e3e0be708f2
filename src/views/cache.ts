import {printable} from '@apkg/command-kit'
import stringWidth from 'fast-string-width'

import type {CacheCheck, CachedTarball} from '../cache/cache-content.js'
import type {TarballKey} from '../cache/tarball-key.js'
import {byteSize} from './byte-size.js'

const titles = ['PACKAGE', 'SIZE', 'CACHED AT', 'REGISTRY']
const gap = '  '

/**
 * The packages in the cache: on a terminal a table; anywhere else a line a package, its fields separated by tabs (name
 * and version, bytes, time, registry).
 */
export function cachedTarballs(tarballs: readonly CachedTarball[], {isTerminal}: {isTerminal: boolean}): string {
  if (!isTerminal) {
    const lines = tarballs.map((each) => [nameOf(each), each.size, each.cachedAt.toISOString(), registryOf(each)])
    return lines.map((line) => `${line.join('\t')}\n`).join('')
  }
  if (tarballs.length === 0) return ''
  const rows = tarballs.map((each) => {
    return [nameOf(each), byteSize(each.size), each.cachedAt.toISOString().slice(0, 10), registryOf(each)]
  })
  const table = [titles, ...rows]
  const widths = titles.map((_, column) => Math.max(...table.map((row) => stringWidth(row[column] ?? ''))))
  const pad = (cell: string, column: number) => cell + ' '.repeat((widths[column] ?? 0) - stringWidth(cell))
  return table.map((row) => `${row.map(pad).join(gap).trimEnd()}\n`).join('')
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
