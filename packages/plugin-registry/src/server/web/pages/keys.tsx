import {Refusal} from '../../http/refusal.js'
import {DataTable} from '../data-table.js'
import type {BrowserSessions} from '../browser-sessions.js'
import type {Page, PageContent, PageContext} from '../page.js'
import {Time} from '../time.js'
import {answerChange, changePage} from './change-page.js'
import type {FormProblem} from './fields.js'

/** The visitor's signing keys, which only apkg can create, because the private key never leaves the user's machine. */
export function keyPages(sessions: BrowserSessions): Page[] {
  return [
    {url: '/-/account/keys', needsLogin: true, answer: showKeys},
    {url: '/-/account/revoke-key', needsLogin: true, answer: (context) => askToRevoke(context)},
    {
      url: '/-/account/revoke-key',
      method: 'POST',
      needsLogin: true,
      answer: (context) =>
        answerChange(context, sessions, {
          change: async () => {
            const {keyId = '', reason = ''} = context.form
            await context.call('revokeKey', {params: {keyId}, body: {reason}})
            return context.redirect('/-/account/keys', `The signing key ${keyId} was revoked.`)
          },
          ask: (problems) => askToRevoke(context, problems),
          fields: {reason: {id: 'unspecified', label: 'Reason'}},
        }),
    },
  ]
}

async function showKeys({call, links}: PageContext): Promise<PageContent> {
  const {keys} = await call('listKeys')
  const body = (
    <section>
      <h1>Signing keys</h1>
      {keys.length === 0 ? (
        <p class="empty">
          You have no signing keys yet. <code>apkg key generate</code> creates one, and <code>apkg key register</code>{' '}
          registers it here.
        </p>
      ) : (
        <DataTable label="Signing keys" columns={['Name', 'ID', 'Registered', 'Status', 'Action']}>
          {keys.map(({keyId, name, createdAt, status}) => (
            <tr key={keyId}>
              <td>
                <bdi>{name}</bdi>
              </td>
              <td>
                <code>{keyId}</code>
              </td>
              <td>
                <Time at={createdAt} />
              </td>
              <td>{status}</td>
              <td>
                {status === 'active' && (
                  <a href={links.to('/-/account/revoke-key', {keyId})} aria-label={`Revoke ${name}`}>
                    Revoke
                  </a>
                )}
              </td>
            </tr>
          ))}
        </DataTable>
      )}
    </section>
  )
  return {title: 'Signing keys', isPrivate: true, body}
}

const reasons = {
  'key-compromise': 'Someone else may have the private key. Versions that are signed with it are no longer trusted.',
  superseded: 'You use another key now.',
  unspecified: 'Another reason.',
}

async function askToRevoke(context: PageContext, problems: readonly FormProblem[] = []): Promise<PageContent> {
  const {call, query, form} = context
  const {keyId = ''} = {...query, ...form}
  const key = (await call('listKeys')).keys.find((each) => each.keyId === keyId)
  if (!key) throw new Refusal('NOT_FOUND')
  return changePage(context, {
    title: 'Revoke a signing key',
    heading: (
      <>
        Revoke <bdi>{key.name}</bdi>?
      </>
    ),
    explanation: 'You can no longer publish with it. This cannot be undone.',
    ...{problems, action: '/-/account/revoke-key', hidden: {keyId}, confirms: undefined},
    ...{submit: 'Revoke', cancel: '/-/account/keys'},
    children: (
      <fieldset>
        <legend>Reason</legend>
        {Object.entries(reasons).map(([reason, meaning]) => (
          <label key={reason} class="choice">
            <input
              {...{type: 'radio', name: 'reason', id: reason, value: reason, required: true}}
              checked={form['reason'] === reason}
            />
            <span>{meaning}</span>
          </label>
        ))}
      </fieldset>
    ),
  })
}
