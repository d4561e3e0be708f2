import type {ComponentChildren, JSX} from 'preact'

import type {Links} from '../links.js'
import {NextPage} from '../next-page.js'
import type {Page, PageContent, PageContext} from '../page.js'
import {PackageHead} from './package-view.js'
import {type PackageRange, PackageRanges} from './package-ranges.js'
import {findVersion, requireVersion} from './version.js'

const pageSize = 50

/** The lists of packages that a package depends on, and of those that depend on it. */
export function dependencyPages(): Page[] {
  return [
    {url: '/-/dependencies/@:scope/:name/:version', answer: showDependencies},
    {url: '/-/dependents/@:scope/:name', answer: showDependents},
  ]
}

async function showDependencies(context: PageContext): Promise<PageContent> {
  const {links, query} = context
  const {summary, version} = await requireVersion(context)
  const {after = ''} = query
  const all = Object.entries(version.dependencies).sort(([one], [other]) => (one < other ? -1 : 1))
  const rest = all.filter(([name]) => name > after)
  const shown = rest.slice(0, pageSize)
  const last = rest.length > pageSize ? shown.at(-1)?.[0] : undefined
  const next = last === undefined ? undefined : links.dependencies(summary.name, version.version, last)
  const dependencies = shown.map(([name, range]) => ({name, range}))
  return {
    title: `Dependencies of ${summary.name} ${version.version}`,
    body: (
      <article class="package">
        <PackageHead {...{summary, version, links}} tab={undefined} />
        <DependencyList title="Dependencies" links={links} packages={dependencies}>
          <NextPage next={next} />
        </DependencyList>
      </article>
    ),
  }
}

async function showDependents(context: PageContext): Promise<PageContent> {
  const {links, call, query} = context
  const {summary, version} = await findVersion(context)
  const {name} = summary
  const {cursor} = query
  const page = {limit: pageSize, ...(cursor !== undefined && {cursor})}
  const {dependents, nextCursor} = await call('listDependents', {params: {name}, query: page})
  const next = nextCursor === undefined ? undefined : links.dependents(name, nextCursor)
  return {
    title: `Dependents of ${name}`,
    body: (
      <article class="package">
        <PackageHead {...{summary, version, links}} tab={undefined} />
        <DependencyList title="Dependents" links={links} packages={dependents}>
          <NextPage next={next} />
        </DependencyList>
      </article>
    ),
  }
}

interface DependencyListProps {
  title: string
  links: Links
  packages: readonly PackageRange[]
  children?: ComponentChildren
}

function DependencyList({title, links, packages, children}: DependencyListProps): JSX.Element {
  return (
    <section>
      <h2>{title}</h2>
      {packages.length === 0 ? <p class="empty">None</p> : <PackageRanges {...{links, packages}} />}
      {children}
    </section>
  )
}
