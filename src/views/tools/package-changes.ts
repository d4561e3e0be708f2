import {printable} from '@apkg/command-kit'

import type {HiddenLine, PackageChange} from '../../tools/setup-records.js'
import {grouped} from '../grouped.js'
import {titleOf} from './tool-title.js'

type Trait = PackageChange['added'][number]

/** How packages can do more than the versions that were set up before: a difference for each. */
export function changeWarnings(changes: readonly PackageChange[]): string[] {
  return changes
    .filter(({isWider}) => isWider)
    .map(({package: name, from, to, added, removed}) =>
      [
        `${name} ${to} can do more than ${from}, which was set up before:`,
        ...removed.map((each) => `  - ${traitLine(each)}`),
        ...added.map((each) => `  + ${traitLine(each)}`),
      ]
        .map(printable)
        .join('\n'),
    )
}

function traitLine({kind, tool, path, line, value}: Trait): string {
  const place = `${path ?? ''}${line === null ? '' : `:${line}`}`
  const lines: Readonly<Record<Trait['kind'], string>> = {
    grant: `${titleOf(tool ?? '')} may use ${value} without asking (${place})`,
    hook: `${value} in ${place}, which tools don't get`,
    script: `executable ${value}`,
    limit: `limit ${value} (${place})`,
    within: `allowed by ${value} (${place})`,
    hidden: `hidden characters ${value} in ${place}`,
    host: `host ${value} (${place})`,
    adjustment: `${titleOf(tool ?? '')}: ${value} (${place})`,
    more: value,
  }
  return lines[kind]
}

/** Lines and characters of a file; more are summed up. */
const maxShown = 5

/** Where files have hidden characters, a sentence for each file. */
export function hiddenWarnings(hidden: readonly HiddenLine[]): string[] {
  return grouped(hidden, ({package: name, path}) => JSON.stringify([name, path])).map((lines) => {
    const [{package: name, path}] = lines
    const shown = lines.slice(0, maxShown).map(({line, characters}) => `${path}:${line} (${charactersOf(characters)})`)
    const more = lines.length > maxShown ? ` and ${lines.length - maxShown} more lines` : ''
    return `${name} contains hidden characters: ${shown.join(', ')}${more}`
  })
}

function charactersOf(characters: readonly string[]): string {
  const rest = characters.length - maxShown
  return `${characters.slice(0, maxShown).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
}
