/** Adds `name@version: ` to a sentence, unless it mentions that already. */
export function withVersion({package: name, version}: {package: string; version: string}, text: string): string {
  const id = `${name}@${version}`
  return text.includes(id) ? text : `${id}: ${text}`
}
