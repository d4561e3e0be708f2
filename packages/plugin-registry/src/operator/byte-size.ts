const units: Record<string, number> = {'': 1, KIB: 1024, MIB: 1024 ** 2, GIB: 1024 ** 3}

/** A number of bytes, written as `52428800` or `50MiB`; undefined for anything else, nothing included. */
export function parseByteSize(text: string): number | undefined {
  const [, digits, unit = ''] = /^(\d{1,15})\s*(KiB|MiB|GiB)?$/i.exec(text) ?? []
  const size = Number(digits) * (units[unit.toUpperCase()] ?? NaN)
  return Number.isSafeInteger(size) && size > 0 ? size : undefined
}
