import type {Trait} from '@apkg/package-format/conversion'
import type {ComponentChildren, JSX} from 'preact'

import type {Preview} from '../../previews/preview.js'
import {ShortText} from '../short-text.js'

/** How many items of a finding are listed. */
const maxListed = 50

/** What a version can do or names: found, or not found. It is never called safe. */
export function Findings({preview, isShort = false}: {preview: Preview; isShort?: boolean}): JSX.Element {
  return (
    <ul class={isShort ? 'findings short' : 'findings'}>
      {findingsOf(preview).map(({title, items}) => (
        <li key={title} class={items.length > 0 ? 'found' : undefined}>
          <span class="what">{title}</span>{' '}
          <span class="answer">{items.length > 0 ? foundText(items) : 'not found'}</span>
          {!isShort && items.length > 0 && (
            <ul class="plain-list items">
              {items.slice(0, maxListed).map((item) => (
                <li key={item}>
                  <code class="wrap">
                    <ShortText text={item} />
                  </code>
                </li>
              ))}
              {items.length > maxListed && <li class="faint">and {items.length - maxListed} more</li>}
            </ul>
          )}
        </li>
      ))}
    </ul>
  )
}

function foundText(items: readonly string[]): ComponentChildren {
  return `found: ${items.length}`
}

interface Finding {
  title: string
  items: string[]
}

function findingsOf({tools, traits}: Preview): Finding[] {
  const grants = new Map<string, Set<string>>()
  for (const tool of tools) {
    for (const grant of tool.grants) grants.set(grant, (grants.get(grant) ?? new Set()).add(tool.title))
  }
  const of = (kind: Trait['kind']) => traits.filter((each) => each.kind === kind)
  const further = of('more').map(({value}) => value)
  return [
    {
      title: 'Allowed without asking',
      items: [...grants].map(([grant, titles]) => `${grant} in ${[...titles].join(', ')}`),
    },
    {title: 'Hooks, left out', items: of('hook').map(traitText)},
    {title: 'Scripts and executables', items: [...of('script'), ...of('source')].map(({value}) => value)},
    {title: 'Hosts', items: of('host').map(({value, path}) => `${value} (${path ?? ''})`)},
    {title: 'Hidden characters', items: of('hidden').map(traitText)},
    ...(further.length > 0 ? [{title: 'Further findings', items: further}] : []),
  ]
}

/** A trait as a line of text. */
export function traitText({path, value, line, tool}: Trait): string {
  if (tool !== null) return `${value} in ${tool}`
  const place = path === null ? '' : line === null ? `${path}: ` : `${path}:${line}: `
  return path === value ? value : `${place}${value}`
}
