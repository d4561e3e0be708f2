import {DataTable} from '../data-table.js'
import type {Links} from '../links.js'
import type {Page, PageContext} from '../page.js'
import {Time} from '../time.js'

/** What happened to the visitor's tokens, and what they were used for: all of them, or one. */
export const logPage: Page = {url: '/-/account/log', needsLogin: true, answer: showLog}

const entriesOnPage = 50

async function showLog({call, links, query}: PageContext) {
  const {cursor, token} = query
  const {entries, nextCursor} = await call('getTokenLog', {
    query: {limit: entriesOnPage, ...(cursor !== undefined && {cursor}), ...(token !== undefined && {token})},
  })
  const body = (
    <section>
      <h1>Log of API tokens</h1>
      {entries.length === 0 ? (
        <p class="empty">No entries yet. Once you create a token, its uses appear here.</p>
      ) : (
        <DataTable label="Log" columns={['Time', 'Action', 'Token', 'Package', 'By', 'Address']}>
          {entries.map(({at, action, tokenId, tokenName, target, actor, address}, index) => (
            <tr key={index}>
              <td>
                <Time at={at} />
              </td>
              <td>
                <code>{action}</code>
              </td>
              <td>
                <a href={links.to('/-/account/token', {id: tokenId})}>
                  <bdi>{tokenName}</bdi>
                </a>
              </td>
              <td>{target?.startsWith('@') && <PackageLink {...{target, links}} />}</td>
              <td>
                <bdi>{actor ?? ''}</bdi>
              </td>
              <td>
                <bdi>{address ?? ''}</bdi>
              </td>
            </tr>
          ))}
        </DataTable>
      )}
      {nextCursor && (
        <p class="pages">
          <a href={links.to('/-/account/log', {cursor: nextCursor, token})}>Older entries</a>
        </p>
      )}
    </section>
  )
  return {title: 'Log of API tokens', isPrivate: true, body}
}

/** @param target a package, or one version of it */
function PackageLink({target, links}: {target: string; links: Links}) {
  const name = /^@[^@]+/.exec(target)?.[0] ?? target
  return (
    <a href={links.package(name)}>
      <bdi>{target}</bdi>
    </a>
  )
}
