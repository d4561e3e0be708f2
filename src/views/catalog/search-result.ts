import {printable} from '@apkg/command-kit'

import type {SearchHit, SearchResult} from '../../catalog/search/search-packages.js'
import {counted} from '../counted.js'

/** The matching packages, two lines each. */
export function searchResultText({results, total}: SearchResult, text: string): string {
  if (results.length === 0) return ''
  const title = text === '' ? 'Newest packages' : `Found ${counted(total, 'package')}`
  return `${title}:\n\n${results.map(hitLines).join('')}`
}

/** Which part of the matches is shown; undefined if it is all of them. */
export function searchResultNote({results, total, offset}: SearchResult, text: string): string | undefined {
  const end = offset + results.length
  if (total === 0 && text === '') return 'No packages have been published yet, or you need to log in to see them.'
  if (total === 0) return `No packages found for "${printable(text)}".`
  if (results.length === 0) return `--offset ${offset} is past the end: ${counted(total, 'package')} found.`
  if (offset === 0 && end >= total) return undefined
  const more = end < total ? ` Use --offset ${end} to see more.` : ''
  return `Showing ${offset + 1} to ${end} of ${total}.${more}`
}

/** `name version [type] (*origin, target)`, with the description below. */
function hitLines(hit: SearchHit): string {
  const {name, version, type, description, deprecated} = hit
  const first = [
    name,
    ...(version === null ? [] : [version]),
    ...(type === null ? [] : [`[${type}]`]),
    ...toolsOf(hit),
    ...(deprecated === null ? [] : [`(deprecated: ${deprecated})`]),
  ].join(' ')
  return `  ${printable(first)}\n${description ? `    ${printable(description)}\n` : ''}`
}

/** The tool that a package was made for comes first, with an asterisk. */
function toolsOf({origin, targets}: SearchHit): string[] {
  const tools = [...(origin === null ? [] : [`*${origin}`]), ...targets.filter((target) => target !== origin)]
  return tools.length > 0 ? [`(${tools.join(', ')})`] : []
}

/** Which registry was searched, if packages also come from others. @param others their URLs */
export function elsewhereNote(registry: string, others: readonly string[]): string {
  const commands = others.map((each) => `\`--registry ${each}\``)
  return `Searched ${registry} only. To search the registries of routed scopes, pass ${commands.join(' or ')}.`
}

/** For a CI job, whose ID token is exchanged only for what fails without a credential. */
export const publicOnlyNote =
  'Only public packages were searched, because the ID token of the job is not exchanged for a search.'
