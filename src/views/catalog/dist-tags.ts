import {printable} from '@apkg/command-kit'

/** One line each: `tag  version`. */
export function distTagLines(distTags: Readonly<Record<string, string>>): string {
  const tags = Object.keys(distTags).sort()
  const width = tags.reduce((widest, tag) => Math.max(widest, printable(tag).length), 0)
  return tags.map((tag) => `${printable(tag).padEnd(width)}  ${printable(distTags[tag] ?? '')}\n`).join('')
}
