import {printable} from '@apkg/command-kit'

/** One line each: `tag  version`. */
export function distTagLines(distTags: Readonly<Record<string, string>>): string {
  const tags = Object.keys(distTags).sort()
  const width = Math.max(...tags.map((tag) => printable(tag).length))
  return tags.map((tag) => `${printable(tag).padEnd(width)}  ${printable(distTags[tag] ?? '')}\n`).join('')
}
