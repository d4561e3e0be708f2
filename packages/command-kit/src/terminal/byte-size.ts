const units = ['B', 'KiB', 'MiB', 'GiB']

/**
 * A human-readable size: `512 B`, `1.2 KiB`.
 *
 * @param scale the number of bytes whose unit is used; by default, the size itself
 */
export function byteSize(bytes: number, scale = bytes): string {
  const power = Math.min(Math.floor(Math.log2(Math.max(scale, 1)) / 10), units.length - 1)
  return `${power === 0 ? bytes : (bytes / 1024 ** power).toFixed(1)} ${units[power] ?? ''}`
}
