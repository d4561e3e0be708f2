import type {JSX} from 'preact'

import type {Links} from '../links.js'

/** A package, and the range of it that is needed. */
export interface PackageRange {
  name: string
  range: string
}

/** A list of packages with ranges. */
export function PackageRanges({links, packages}: {links: Links; packages: readonly PackageRange[]}): JSX.Element {
  return (
    <ul class="plain-list">
      {packages.map(({name, range}) => (
        <li key={name}>
          <a href={links.package(name)}>{name}</a> <span class="mono">{range}</span>
        </li>
      ))}
    </ul>
  )
}
