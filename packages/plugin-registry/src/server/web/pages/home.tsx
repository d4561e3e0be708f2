import type {JSX} from 'preact'

import {CommandLine} from '../command-line.js'
import type {BodyOf} from '../call.js'
import type {Links} from '../links.js'
import type {Page} from '../page.js'
import {type Hit, Results} from './results.js'

const newest = 10
const installed = 5

/** @param hasUsers whether anyone can log in */
export function homePage({hasUsers}: {hasUsers: () => Promise<boolean>}): Page {
  return {
    url: '/',
    answer: async ({call, links, registry}) => {
      const [{results}, mostInstalled] = await Promise.all([
        call('searchPackages', {query: {limit: newest}}),
        call('listMostInstalled', {query: {limit: installed}}),
      ])
      const isNew = results.length === 0 && !(await hasUsers())
      const body = <Home {...{hits: results, mostInstalled, links, registry, isNew}} />
      return {title: 'Packages for AI tools', hasOwnSearch: true, body}
    },
  }
}

interface HomeProps {
  hits: readonly Hit[]
  mostInstalled: BodyOf<'listMostInstalled'>
  links: Links
  registry: string
  /** Whether the registry has no users. */
  isNew: boolean
}

function Home({hits, mostInstalled, links, registry, isNew}: HomeProps): JSX.Element {
  return (
    <>
      <section class="hero">
        <h1>Packages for AI tools</h1>
        <p>Skills, agents, commands and rules for Claude Code, Cursor, Codex and others.</p>
        <form class="search large" role="search" action={links.to('/-/search')} method="get" aria-label="Home">
          <label class="sr-only" for="find">
            Find packages
          </label>
          <input id="find" type="search" name="q" maxLength={256} placeholder="Try: review" autocomplete="off" />
          <button type="submit">Search</button>
        </form>
      </section>
      {isNew ? <FirstUser /> : <Begin registry={registry} />}
      <MostInstalled {...{...mostInstalled, links}} />
      <section>
        <h2>Newest packages</h2>
        {hits.length > 0 ? (
          <Results hits={hits} links={links} />
        ) : (
          <div class="empty">
            <p>Nothing is published yet. In the directory of a package, run:</p>
            <CommandLine command={`apkg publish --registry ${registry}`} label="the command to publish" />
          </div>
        )}
      </section>
    </>
  )
}

function MostInstalled({days, packages, links}: BodyOf<'listMostInstalled'> & {links: Links}): JSX.Element | null {
  if (packages.length === 0) return null
  return (
    <section>
      <h2>Most installed</h2>
      <p class="faint">Downloads from this registry in the last {days} days, caches not counted.</p>
      <Results hits={packages} links={links} />
    </section>
  )
}

function FirstUser(): JSX.Element {
  return (
    <section class="card">
      <h2>Add the first user</h2>
      <p>There are no users yet. On the registry's server, its operator can add one:</p>
      <CommandLine command="apkg registry user add ada" label="the command to add a user" />
      <p class="faint">Use the same --data as for the server, if you set it.</p>
    </section>
  )
}

function Begin({registry}: {registry: string}): JSX.Element {
  return (
    <section class="card">
      <h2>Get started</h2>
      <ol class="steps">
        <li>
          <p>Log in, and make this your registry.</p>
          <CommandLine command={`apkg login --registry ${registry} --set-default`} label="the command to log in" />
        </li>
        <li>
          <p>Find a package.</p>
          <CommandLine command="apkg search review" label="the command to search" />
        </li>
        <li>
          <p>Add it to your project. This also sets it up for your tools.</p>
          <CommandLine command="apkg add @scope/name" label="the command to add a package" />
        </li>
      </ol>
    </section>
  )
}
