const units = ['B', 'KiB', 'MiB', 'GiB']

/** A human-readable size: `512 B`, `1.2 KiB`. */
export function byteSize(bytes: number): string {
  const power = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), units.length - 1)
  return `${power === 0 ? bytes : (bytes / 1024 ** power).toFixed(1)} ${units[power] ?? ''}`
}
