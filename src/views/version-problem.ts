/** Prefixes a sentence with `name@version: ` unless it already mentions it. */
export function withVersion({package: name, version}: {package: string; version: string}, text: string): string {
  const id = `${name}@${version}`
  return text.includes(id) ? text : `${id}: ${text}`
}
