import type {JSX} from 'preact'

import type {BrowserSessions} from '../browser-sessions.js'
import type {BodyOf} from '../call.js'
import {DataTable} from '../data-table.js'
import type {Links} from '../links.js'
import type {Page, PageContent, PageContext} from '../page.js'
import {Time} from '../time.js'
import {changeTokenPages, tokenActions, tokenActionsOf} from './change-token.js'
import {newTokenPages} from './new-token.js'
import {Timeline} from './timeline.js'

type Token = BodyOf<'listTokens'>['tokens'][number]

/** Tokens are created, listed, shown and changed here. */
export function tokenPages(sessions: BrowserSessions): Page[] {
  return [
    {url: '/-/account/tokens', needsLogin: true, answer: listTokens},
    {url: '/-/account/token', needsLogin: true, answer: showToken},
    ...newTokenPages(sessions),
    ...changeTokenPages(sessions),
  ]
}

/** Which tokens a list shows, by the parameter of the address. The first one is the default. */
const filters: Record<string, {label: string; has: (token: Token) => boolean}> = {
  current: {label: 'Active and suspended', has: ({status}) => status === 'active' || status === 'suspended'},
  active: {label: 'Active', has: ({status}) => status === 'active'},
  suspended: {label: 'Suspended', has: ({status}) => status === 'suspended'},
  expired: {label: 'Expired', has: ({status}) => status === 'expired' || status === 'spent'},
  revoked: {label: 'Revoked', has: ({status}) => status === 'revoked'},
  unused: {label: 'Never used', has: ({lastUsed, status}) => !lastUsed && status !== 'revoked' && status !== 'expired'},
}

const tokensOnPage = 50

async function listTokens({call, links, query}: PageContext): Promise<PageContent> {
  const show = Object.hasOwn(filters, query['show'] ?? '') ? (query['show'] ?? '') : 'current'
  const filter = filters[show]
  const all = (await call('listTokens', {query: {ended: true}})).tokens.filter((token) => filter?.has(token))
  const start = query['after'] === undefined ? 0 : all.findIndex(({id}) => id === query['after']) + 1
  const tokens = all.slice(start, start + tokensOnPage)
  const last = start + tokensOnPage < all.length ? tokens.at(-1) : undefined
  const body = (
    <section>
      <h1>API tokens</h1>
      <nav class="tabs" aria-label="Filter">
        {Object.entries(filters).map(([name, {label}]) => (
          <a
            key={name}
            href={links.to('/-/account/tokens', {show: name})}
            aria-current={name === show ? 'page' : undefined}
          >
            {label}
          </a>
        ))}
      </nav>
      {all.length === 0 ? (
        <p class="empty">None of your tokens is here. Choose another filter, or create a token.</p>
      ) : (
        <>
          <Timeline label="Last use of these tokens" events={tokens.flatMap(lastUseOf)} />
          <TokenTable {...{tokens, links}} />
        </>
      )}
      {last && (
        <p class="pages">
          <a href={links.to('/-/account/tokens', {show, after: last.id})}>More tokens</a>
        </p>
      )}
      <p class="actions">
        <a class="button" href={links.to('/-/account/new-token')}>
          Create a token
        </a>
      </p>
    </section>
  )
  return {title: 'API tokens', isPrivate: true, body}
}

function lastUseOf({name, lastUsed}: Token) {
  return lastUsed ? [{at: lastUsed, label: name}] : []
}

async function showToken({call, links, query}: PageContext): Promise<PageContent> {
  const token = await call('getToken', {params: {id: query['id'] ?? ''}})
  const body = (
    <section>
      <h1>
        <bdi>{token.name}</bdi>
      </h1>
      <table>
        <tbody>
          {factsOf(token).map(([name, value]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>
                <bdi>{value}</bdi>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="actions">
        {tokenActionsOf(token).map((action) => (
          <a key={action} class="button quiet" href={links.to('/-/account/change-token', {id: token.id, action})}>
            {tokenActions[action].title}
          </a>
        ))}
        <a class="button quiet" href={links.to('/-/account/log', {token: token.id})}>
          Log
        </a>
      </p>
    </section>
  )
  return {title: token.name, isPrivate: true, body}
}

function factsOf(token: BodyOf<'getToken'>): [string, JSX.Element | string][] {
  const {uses, usesLeft, release, addresses, revokedAt, revokedBy} = token
  const time = (at: string | null | undefined, otherwise: string) => (at ? <Time at={at} /> : otherwise)
  const facts: [string, JSX.Element | string | undefined][] = [
    ['Status', token.status],
    ['Revoked', revokedAt ? <Time at={revokedAt} /> : undefined],
    ['Revoked by', revokedAt ? (revokedBy ?? 'unknown') : undefined],
    ['Value', `${token.prefix}…`],
    ['Scopes', token.scopes.join(', ')],
    ['Packages', token.packagePatterns.join(', ') || 'all'],
    ['Version', release ? `${release.version}, ${release.integrity}, dist-tag ${release.tag}` : undefined],
    ['IP addresses', addresses?.join(', ') ?? 'any'],
    ['Uses', uses ? `${usesLeft ?? 0} of ${uses} left` : 'no limit'],
    ['Created', <Time at={token.createdAt} />],
    ['Expires', time(token.expires, 'never')],
    ['Last used', time(token.lastUsed, 'never')],
    ['Last used from', token.lastUse ? `${token.lastUse.address} (${token.lastUse.agent ?? 'unknown program'})` : '–'],
    ['Note', token.note ?? '–'],
  ]
  return facts.filter((fact): fact is [string, JSX.Element | string] => fact[1] !== undefined)
}

interface TokenTableProps {
  tokens: readonly Token[]
  links: Links
  /** What is shown without tokens. */
  none?: string
}

export function TokenTable({tokens, links, none = 'You have no tokens yet.'}: TokenTableProps): JSX.Element {
  if (tokens.length === 0) return <p class="empty">{none}</p>
  return (
    <DataTable label="API tokens" columns={['Label', 'Value', 'Scopes', 'Expires', 'Last used', 'Status']}>
      {tokens.map(({id, name, prefix, scopes, expires, lastUsed, status}) => (
        <tr key={id}>
          <td>
            <a href={links.to('/-/account/token', {id})}>
              <bdi>{name}</bdi>
            </a>
          </td>
          <td>
            <code>{`${prefix}…`}</code>
          </td>
          <td>{scopes.join(', ')}</td>
          <td>{expires ? <Time at={expires} /> : 'never'}</td>
          <td>{lastUsed ? <Time at={lastUsed} /> : 'never'}</td>
          <td>{status}</td>
        </tr>
      ))}
    </DataTable>
  )
}
