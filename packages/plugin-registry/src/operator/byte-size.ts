const units: Record<string, number> = {'': 1, KIB: 1024, MIB: 1024 ** 2, GIB: 1024 ** 3}

/** Parses a size such as `52428800` or `50MiB`. @returns bytes, or undefined for anything else, including 0 */
export function parseByteSize(text: string): number | undefined {
  const [, digits, unit = ''] = /^(\d{1,15})\s*(KiB|MiB|GiB)?$/i.exec(text) ?? []
  const size = Number(digits) * (units[unit.toUpperCase()] ?? NaN)
  return Number.isSafeInteger(size) && size > 0 ? size : undefined
}
