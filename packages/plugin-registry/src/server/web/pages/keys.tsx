import {Refusal} from '../../http/refusal.js'
import {DataTable} from '../data-table.js'
import type {Page, PageContent, PageContext} from '../page.js'
import {Time} from '../time.js'
import {problemOf} from './confirmation.js'
import {ChangeForm, Problem} from './fields.js'

/** The visitor's signing keys, which only apkg can create, because the private key never leaves the user's machine. */
export function keyPages(): Page[] {
  return [
    {url: '/-/account/keys', needsLogin: true, answer: showKeys},
    {url: '/-/account/revoke-key', needsLogin: true, answer: (context) => askToRevoke(context)},
    {
      url: '/-/account/revoke-key',
      method: 'POST',
      needsLogin: true,
      answer: async (context) => {
        const {call, form, redirect} = context
        try {
          const body = {reason: form['reason'] ?? ''}
          await call('revokeKey', {params: {keyId: form['keyId'] ?? ''}, body})
        } catch (error) {
          return askToRevoke(context, problemOf(error))
        }
        return redirect('/-/account/keys')
      },
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

async function askToRevoke({call, links, query, form, formToken}: PageContext, problem?: string): Promise<PageContent> {
  const {keyId = ''} = {...query, ...form}
  const key = (await call('listKeys')).keys.find((each) => each.keyId === keyId)
  if (!key) throw new Refusal('NOT_FOUND')
  const body = (
    <section class="narrow">
      <h1>
        Revoke <bdi>{key.name}</bdi>?
      </h1>
      <p>You can no longer publish with it. This cannot be undone.</p>
      <Problem text={problem} field="unspecified" />
      <ChangeForm action={links.to('/-/account/revoke-key')} token={formToken()}>
        <input type="hidden" name="keyId" value={keyId} />
        <fieldset>
          <legend>Reason</legend>
          {Object.entries(reasons).map(([reason, meaning]) => (
            <p key={reason}>
              <label>
                <input
                  {...{type: 'radio', name: 'reason', id: reason, value: reason, required: true}}
                  checked={form['reason'] === reason}
                />{' '}
                {meaning}
              </label>
            </p>
          ))}
        </fieldset>
        <p class="actions">
          <button type="submit">Revoke</button>
          <a class="button quiet" href={links.to('/-/account/keys')}>
            Cancel
          </a>
        </p>
      </ChangeForm>
    </section>
  )
  return {title: 'Revoke a signing key', isPrivate: true, body, ...(problem !== undefined && {status: 400})}
}
