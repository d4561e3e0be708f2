import type {JSX} from 'preact'

import type {Links} from '../links.js'
import type {Version} from './package-summary.js'

export type Tab = 'readme' | 'tools' | 'files'

interface TabsProps {
  name: string
  version: Version
  links: Links
  tab: Tab | undefined
}

/** The pages about a version. */
export function Tabs({name, version: {version}, links, tab}: TabsProps): JSX.Element {
  const pages = [
    ['readme', 'Readme', links.version(name, version)],
    ['tools', 'In your tools', links.tools(name, version)],
    ['files', 'Files', links.files(name, version)],
  ] as const
  return (
    <nav class="tabs" aria-label="Version">
      {pages.map(([key, title, address]) => (
        <a key={key} href={address} aria-current={key === tab ? 'page' : undefined}>
          {title}
        </a>
      ))}
    </nav>
  )
}
