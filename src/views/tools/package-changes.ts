import {printable} from '@apkg/command-kit'

import type {HiddenLine, PackageChange} from '../../tools/setup-records.js'
import {grouped} from '../grouped.js'
import {titleOf} from './tool-title.js'

type Trait = PackageChange['added'][number]

/** Files, lines and characters; more are summed up. */
const maxShown = 5

/** How packages can do more than the versions that were set up before, or define or run something else. */
export function changeWarnings(changes: readonly PackageChange[]): string[] {
  return changes.filter(isReported).map(({package: name, from, to, isWider, added, removed, changed}) => {
    const title = isWider ? `can do more than ${from}` : `differs from ${from}`
    return [
      `${name} ${to} ${title}, which was set up before:`,
      ...traitLines(removed).map((line) => `  - ${line}`),
      ...traitLines(added).map((line) => `  + ${line}`),
      ...traitLines(changed).map((line) => `  ~ changed ${line}`),
    ]
      .map(printable)
      .join('\n')
  })
}

function isReported({isWider, removed, changed}: PackageChange): boolean {
  return isWider || changed.length > 0 || removed.some(({kind}) => kind === 'definition')
}

/** A line for each trait, except that definitions of one type share a line, and so do scripts and other programs. */
export function traitLines(traits: readonly Trait[]): string[] {
  const definitions = new Set(traits.flatMap(({kind, path}) => (kind === 'definition' ? [path] : [])))
  const isLimitOfOne = ({kind, path}: Trait) => ['limit', 'within'].includes(kind) && definitions.has(path)
  const shown = traits.filter((each) => !isLimitOfOne(each))
  return grouped(shown, groupOf).map(traitLine)
}

function groupOf(trait: Trait): string {
  if (trait.kind === 'script' || trait.kind === 'source') return trait.kind
  return trait.kind === 'definition' ? trait.value : JSON.stringify(trait)
}

/** @param group one trait, or several of the same definitions, scripts or programs. */
function traitLine(group: readonly [Trait, ...Trait[]]): string {
  const [{kind, tool, path, line, value}] = group
  const place = `${path ?? ''}${line === null ? '' : `:${line}`}`
  const files = summedUp(group.map((each) => each.path ?? ''))
  const lines: Readonly<Record<Trait['kind'], string>> = {
    definition: `${value} ${files}`,
    grant: `${titleOf(tool ?? '')} may use ${value} without asking (${place})`,
    hook: `${value} in ${place}, which tools don't get`,
    script: `executable ${files}`,
    source: `program ${files}`,
    limit: `limit ${value} (${place})`,
    within: `allowed by ${value} (${place})`,
    hidden: `hidden characters ${value} in ${place}`,
    host: `host ${value} (${place})`,
    adjustment: `${titleOf(tool ?? '')}: ${value} (${place})`,
    more: value,
  }
  return lines[kind]
}

/** Where files have hidden characters, a sentence for each file. */
export function hiddenWarnings(hidden: readonly HiddenLine[]): string[] {
  return grouped(hidden, ({package: name, path}) => JSON.stringify([name, path])).map((lines) => {
    const [{package: name, path}] = lines
    const shown = lines.slice(0, maxShown).map(({line, characters}) => `${path}:${line} (${summedUp(characters)})`)
    const more = lines.length > maxShown ? ` and ${lines.length - maxShown} more lines` : ''
    return `${name} contains hidden characters: ${shown.join(', ')}${more}`
  })
}

function summedUp(words: readonly string[]): string {
  const rest = words.length - maxShown
  return `${words.slice(0, maxShown).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
}
