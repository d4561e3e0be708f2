import {findHiddenCharacters, plainTextOf, type HiddenCharacter, type PackageFile} from '../conversion.js'
import {finding, type Finding} from './finding.js'

/** How many lines of a file, and characters of a line, are reported. */
const maxLines = 5
const maxCharacters = 5

/** Finds characters that can carry text that people who review a file don't see. */
export function checkHiddenCharacters(file: PackageFile): Finding[] {
  const lines = new Map<number, HiddenCharacter[]>()
  for (const each of findHiddenCharacters(plainTextOf(file) ?? '')) {
    lines.set(each.line, [...(lines.get(each.line) ?? []), each])
  }
  return [...lines.values()].slice(0, maxLines).flatMap((characters, index) => {
    const [first] = characters
    const shown = characters.slice(0, maxCharacters).map(({code, column}) => `${code} at column ${column}`)
    const more = characters.length > maxCharacters ? ' and more' : ''
    const below = index + 1 === maxLines && lines.size > maxLines ? ', and more in the lines below' : ''
    const message = `Hidden characters: ${shown.join(', ')}${more}${below}`
    return first ? [finding('hidden-characters', file.path, message, first)] : []
  })
}

const [hash, exclamation, lineFeed, carriageReturn] = [0x23, 0x21, 0x0a, 0x0d]

/** A kernel would look for a program whose name ends with a carriage return. */
export function checkShebang({path, content}: PackageFile): Finding[] {
  if (content[0] !== hash || content[1] !== exclamation) return []
  const end = content.indexOf(lineFeed)
  if (end === -1 || content[end - 1] !== carriageReturn) return []
  const message = "The `#!` line ends with CRLF, so Linux and macOS can't run the file. Save it with LF line endings"
  return [finding('shebang-crlf', path, message, {line: 1, column: end})]
}
