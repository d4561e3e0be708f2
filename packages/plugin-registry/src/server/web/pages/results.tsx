import type {JSX} from 'preact'

import type {BodyOf} from '../call.js'
import type {Links} from '../links.js'

/** A package in a list. */
export type Hit = BodyOf<'searchPackages'>['results'][number] & {downloads?: number}

/** Packages as a list of links. */
export function Results({hits, links}: {hits: readonly Hit[]; links: Links}): JSX.Element {
  return (
    <ul class="results">
      {hits.map(({name, version, type, description, targets, publisher, deprecated, downloads}) => (
        <li key={name}>
          <a class="name" href={links.package(name)}>
            <bdi>{name}</bdi>
          </a>
          <p class="about">
            <bdi>{description}</bdi>
          </p>
          <p class="facts">
            {type && <span class="tag">{type}</span>}
            {deprecated !== undefined && <span class="tag warn">deprecated</span>}
            {version && <span class="mono">{version}</span>}
            <span>
              by <bdi>{publisher.username}</bdi>
            </span>
            {downloads !== undefined && (
              <span>{downloads === 1 ? '1 download' : `${downloads.toLocaleString('en')} downloads`}</span>
            )}
            {targets && targets.length > 0 && <span>for {targets.join(', ')}</span>}
          </p>
        </li>
      ))}
    </ul>
  )
}
