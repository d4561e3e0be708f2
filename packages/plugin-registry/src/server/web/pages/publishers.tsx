import type {JSX} from 'preact'

import {Refusal} from '../../http/refusal.js'
import {DataTable} from '../data-table.js'
import type {BrowserSessions} from '../browser-sessions.js'
import type {BodyOf} from '../call.js'
import type {Links} from '../links.js'
import type {Page, PageContent, PageContext} from '../page.js'
import {Time} from '../time.js'
import {answerChange, changePage, whoConfirms} from './change-page.js'
import type {FormProblem} from './fields.js'

/** The trusted publishers of the scopes that the visitor manages. */
export function publisherPages(sessions: BrowserSessions): Page[] {
  return [
    {url: '/-/account/publishers', needsLogin: true, answer: showPublishers},
    {url: '/-/account/remove-publisher', needsLogin: true, answer: (context) => askToRemove(context, sessions)},
    {
      url: '/-/account/remove-publisher',
      method: 'POST',
      needsLogin: true,
      answer: (context) =>
        answerChange(context, sessions, {
          change: async () => {
            await context.call('removeTrustedPublisher', {params: {id: context.form['id'] ?? ''}})
            return context.redirect('/-/account/publishers', 'The trusted publisher was removed.')
          },
          ask: (problems) => askToRemove(context, sessions, problems),
        }),
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
      <PublisherTable {...{publishers, links}} />
    </section>
  )
  return {title: 'Trusted publishers', isPrivate: true, body}
}

type Publisher = BodyOf<'listTrustedPublishers'>['publishers'][number]

/** Trusted publishers, each with a link to remove it. */
export function PublisherTable(props: {publishers: readonly Publisher[]; links: Links}): JSX.Element {
  const {publishers, links} = props
  if (publishers.length === 0) return <p class="empty">There are no trusted publishers yet.</p>
  return (
    <DataTable label="Trusted publishers" columns={['Package', 'Project', 'Workflow', 'Status', 'Last used', 'Action']}>
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
  )
}

async function askToRemove(
  context: PageContext,
  sessions: BrowserSessions,
  problems: readonly FormProblem[] = [],
): Promise<PageContent> {
  const {call, query, form} = context
  const {id = ''} = {...query, ...form}
  const publisher = (await call('listTrustedPublishers')).publishers.find((each) => each.id === id)
  if (!publisher) throw new Refusal('NOT_FOUND')
  return changePage(context, {
    title: 'Remove a trusted publisher',
    heading: (
      <>
        Remove <bdi>{publisher.name}</bdi>?
      </>
    ),
    explanation: (
      <>
        Its jobs can no longer publish <bdi>{publisher.package}</bdi>. Tokens that they use right now stop working.
      </>
    ),
    ...{problems, action: '/-/account/remove-publisher', hidden: {id}},
    confirms: await whoConfirms(context, sessions),
    ...{submit: 'Remove', cancel: '/-/account/publishers'},
  })
}
