import type {JSX} from 'preact'

import {DataTable} from '../data-table.js'
import type {BrowserSessions} from '../browser-sessions.js'
import type {BodyOf} from '../call.js'
import type {Links} from '../links.js'
import type {Page, PageContext} from '../page.js'
import {Time, timeText} from '../time.js'
import {ChangeForm} from './fields.js'
import {keyPages} from './keys.js'
import {logPage} from './log.js'
import {organizationPages} from './organization.js'
import {publisherPages} from './publishers.js'
import {tokenPages, TokenTable} from './tokens.js'

/** The visitor's account: tokens, sessions and the log of tokens. */
export function accountPages(sessions: BrowserSessions): Page[] {
  return [
    {url: '/-/account', needsLogin: true, answer: showAccount},
    {
      url: '/-/account/revoke-session',
      method: 'POST',
      needsLogin: true,
      answer: async ({call, form, redirect}) => {
        const id = form['id'] ?? ''
        const session = (await call('listSessions')).sessions.find((each) => each.id === id)
        await call('revokeSession', {params: {id}})
        return redirect('/-/account', session && `The session of ${timeText(session.startedAt)} was revoked.`)
      },
    },
    logPage,
    ...tokenPages(sessions),
    ...keyPages(sessions),
    ...publisherPages(sessions),
    ...organizationPages(sessions),
  ]
}

async function showAccount({call, links, formToken}: PageContext) {
  const user = await call('whoami')
  const {sessions} = await call('listSessions')
  const {tokens} = await call('listTokens')
  const token = formToken()
  const body = (
    <>
      <section>
        <h1>
          <bdi>{user.username}</bdi>
        </h1>
        <p>
          <bdi>{user.email}</bdi>
        </p>
        <p>
          {user.mfaEnabled
            ? 'Multi-factor authentication is on.'
            : 'Multi-factor authentication is off. The operator can set it up.'}
        </p>
        <ChangeForm action={links.to('/-/logout')} token={token}>
          <p>
            <button type="submit" class="quiet">
              Log out
            </button>
          </p>
        </ChangeForm>
      </section>
      <section>
        <h2>API tokens</h2>
        <TokenTable {...{tokens, links}} />
        <p class="actions">
          <a class="button" href={links.to('/-/account/new-token')}>
            Create a token
          </a>
          <a class="button quiet" href={links.to('/-/account/tokens')}>
            All tokens
          </a>
          <a class="button quiet" href={links.to('/-/account/log')}>
            Show the log
          </a>
        </p>
      </section>
      <section>
        <h2>Publishing</h2>
        <p class="actions">
          <a class="button quiet" href={links.to('/-/account/keys')}>
            Signing keys
          </a>
          <a class="button quiet" href={links.to('/-/account/publishers')}>
            Trusted publishers
          </a>
        </p>
      </section>
      {user.orgs.length > 0 && (
        <section>
          <h2>Organizations</h2>
          <ul class="plain-list">
            {user.orgs.map(({name, role}) => (
              <li key={name}>
                <a href={links.organization(name)}>@{name}</a> <span class="faint">{role}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section>
        <h2>Sessions</h2>
        <SessionTable {...{sessions, links, token}} />
      </section>
    </>
  )
  return {title: 'Account', isPrivate: true, body}
}

interface SessionTableProps {
  sessions: BodyOf<'listSessions'>['sessions']
  links: Links
  token: string
}

function SessionTable({sessions, links, token}: SessionTableProps): JSX.Element {
  return (
    <DataTable label="Sessions" columns={['Login', 'From', 'Program', 'Last used', 'Expires', 'Action']}>
      {sessions.map(({id, startedAt, login, lastUsed, expires, current}) => (
        <tr key={id}>
          <td>
            <Time at={startedAt} />
          </td>
          <td>
            <bdi>{login?.address ?? 'unknown'}</bdi>
          </td>
          <td>
            <bdi>{login?.agent ?? 'unknown'}</bdi>
          </td>
          <td>{lastUsed ? <Time at={lastUsed} /> : 'never'}</td>
          <td>
            <Time at={expires} />
          </td>
          <td>
            {current ? (
              'this browser'
            ) : (
              <ChangeForm action={links.to('/-/account/revoke-session')} token={token}>
                <input type="hidden" name="id" value={id} />
                <button type="submit" class="quiet" aria-label={`Revoke the session of ${startedAt.slice(0, 16)}`}>
                  Revoke
                </button>
              </ChangeForm>
            )}
          </td>
        </tr>
      ))}
    </DataTable>
  )
}
