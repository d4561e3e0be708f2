import {byteSize, printable, type Screen} from '@apkg/command-kit'
import {wrapText} from '@apkg/command-kit/wrap'

import type {PackageContent} from '../../tools/package-content.js'
import {grouped} from '../grouped.js'
import {traitLines} from './package-changes.js'
import {titlesOf} from './tool-title.js'

/** The files of a version, and what they let tools do, one per line. */
export function packageContentText(content: PackageContent | null, screen: Screen): string {
  if (!content) return 'Versions: none\n'
  const {files, traits, unread} = content
  const columns = screen.isTerminal ? (screen.columns ?? Infinity) : Infinity
  const sizes = files.map(({size}) => byteSize(size))
  const width = Math.max(0, ...sizes.map((size) => size.length))
  const fileLines = files.map(
    ({path, executable}, index) =>
      `  ${(sizes[index] ?? '').padStart(width)}  ${path}${executable ? ' (executable)' : ''}`,
  )
  const others = traits.filter(({kind}) => kind !== 'grant')
  const abilities = [...grantLines(traits.filter(({kind}) => kind === 'grant')), ...traitLines(others)]
  const blocks = [
    ['Files:', ...fileLines],
    unread === null ? ['For tools:', ...abilities.map((line) => `  ${line}`)] : [`For tools: nothing (${unread})`],
  ]
  return blocks.map((lines) => lines.map((line) => `${wrapText(printable(line), columns)}\n`).join('')).join('\n')
}

/** A line for all tools that may do the same. */
function grantLines(grants: PackageContent['traits']): string[] {
  return grouped(grants, ({path, value}) => JSON.stringify([path, value])).map((alike) => {
    const [{path, value}] = alike
    return `${titlesOf(alike.map(({tool}) => tool ?? ''))} may use ${value} without asking (${path ?? ''})`
  })
}
