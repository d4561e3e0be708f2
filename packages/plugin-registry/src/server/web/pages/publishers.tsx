import {Refusal} from '../../http/refusal.js'
import {DataTable} from '../data-table.js'
import type {BrowserSessions} from '../browser-sessions.js'
import type {Page, PageContent, PageContext} from '../page.js'
import {Time} from '../time.js'
import {confirmIfGiven, problemOf} from './confirmation.js'
import {ChangeForm, FactorFields, Problem} from './fields.js'

/** The trusted publishers of the scopes that the visitor manages. */
export function publisherPages(sessions: BrowserSessions): Page[] {
  return [
    {url: '/-/account/publishers', needsLogin: true, answer: showPublishers},
    {url: '/-/account/remove-publisher', needsLogin: true, answer: (context) => askToRemove(context, sessions)},
    {
      url: '/-/account/remove-publisher',
      method: 'POST',
      needsLogin: true,
      answer: async (context) => {
        try {
          await confirmIfGiven(context, sessions)
          await context.call('removeTrustedPublisher', {params: {id: context.form['id'] ?? ''}})
        } catch (error) {
          return askToRemove(context, sessions, problemOf(error))
        }
        return context.redirect('/-/account/publishers')
      },
    },
  ]
}

async function showPublishers({call, links}: PageContext): Promise<PageContent> {
  const {publishers, required} = await call('listTrustedPublishers')
  const body = (
    <section>
      <h1>Trusted publishers</h1>
      <p>
        Their CI jobs publish without a stored secret. Add one with <code>apkg trusted-publisher add</code>.
      </p>
      {required.length > 0 && <p>Only trusted publishers can change the packages of {required.join(', ')}.</p>}
      {publishers.length === 0 ? (
        <p class="empty">There are no trusted publishers yet.</p>
      ) : (
        <DataTable
          label="Trusted publishers"
          columns={['Package', 'Project', 'Workflow', 'Status', 'Last used', 'Action']}
        >
          {publishers.map(({id, package: name, name: project, workflow, status, lastUsedAt}) => (
            <tr key={id}>
              <td>
                <bdi>{name}</bdi>
              </td>
              <td>
                <bdi>{project}</bdi>
              </td>
              <td>
                <bdi>{workflow ?? '–'}</bdi>
              </td>
              <td>{status}</td>
              <td>{lastUsedAt ? <Time at={lastUsedAt} /> : 'never'}</td>
              <td>
                <a href={links.to('/-/account/remove-publisher', {id})} aria-label={`Remove ${project} from ${name}`}>
                  Remove
                </a>
              </td>
            </tr>
          ))}
        </DataTable>
      )}
    </section>
  )
  return {title: 'Trusted publishers', isPrivate: true, body}
}

async function askToRemove(
  {call, links, query, form, formToken, request, session = ''}: PageContext,
  sessions: BrowserSessions,
  problem?: string,
): Promise<PageContent> {
  const {id = ''} = {...query, ...form}
  const publisher = (await call('listTrustedPublishers')).publishers.find((each) => each.id === id)
  if (!publisher) throw new Refusal('NOT_FOUND')
  const visitor = await sessions.visitor(session, request)
  const body = (
    <section class="narrow">
      <h1>
        Remove <bdi>{publisher.name}</bdi>?
      </h1>
      <p>
        Its jobs can no longer publish <bdi>{publisher.package}</bdi>. Tokens that they use right now stop working.
      </p>
      <Problem text={problem} {...(visitor.mustConfirm && {field: 'password'})} />
      <ChangeForm action={links.to('/-/account/remove-publisher')} token={formToken()}>
        <input type="hidden" name="id" value={id} />
        {visitor.mustConfirm && <FactorFields mfaEnabled={visitor.mfaEnabled} />}
        <p class="actions">
          <button type="submit">Remove</button>
          <a class="button quiet" href={links.to('/-/account/publishers')}>
            Cancel
          </a>
        </p>
      </ChangeForm>
    </section>
  )
  return {title: 'Remove a trusted publisher', isPrivate: true, body, ...(problem !== undefined && {status: 400})}
}
