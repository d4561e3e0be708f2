const entities: Record<string, string> = {amp: '&', lt: '<', gt: '>', quot: '"', apos: "'"}

/** Returns the text of the first element with this name. */
export function elementOf(xml: string, name: string): string | undefined {
  const start = xml.indexOf(`<${name}>`)
  if (start < 0) return undefined
  const end = xml.indexOf(`</${name}>`, start)
  return end < 0 ? undefined : unescape(xml.slice(start + name.length + 2, end))
}

/** Returns the content of each element with this name, which must not be nested. */
export function elementsOf(xml: string, name: string): string[] {
  const parts = xml.split(`<${name}>`).slice(1)
  return parts.map((part) => part.slice(0, part.indexOf(`</${name}>`)))
}

function unescape(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w{1,8}));/gi, (all, hex, decimal, name) => {
    if (hex !== undefined) return String.fromCodePoint(parseInt(hex as string, 16))
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal))
    return entities[name as string] ?? all
  })
}
