import {isSecureUrl} from '../../http/secure-url.js'
import type {BrowserSessions} from '../browser-sessions.js'
import type {Page, PageContent, PageContext} from '../page.js'
import {answerChange, changePage, whoConfirms} from './change-page.js'
import type {FormProblem} from './fields.js'
import {managedOrganization, OrganizationHead, organizationOf, pathOf} from './organization-head.js'
import {memberPages} from './organization-members.js'
import {PublisherTable} from './publishers.js'
import {TokenTable} from './tokens.js'

/** The members, API tokens and trusted publishers of an organization, for its admins. */
export function organizationPages(sessions: BrowserSessions): Page[] {
  const url = '/-/organizations/:organization'
  return [
    ...memberPages(sessions),
    {url: `${url}/tokens`, needsLogin: true, answer: showTokens},
    {url: `${url}/publishers`, needsLogin: true, answer: showPublishers},
    {url: `${url}/require-publishers`, needsLogin: true, answer: (context) => askToRequire(context, sessions)},
    {
      url: `${url}/require-publishers`,
      method: 'POST',
      needsLogin: true,
      answer: (context) => requirePublishers(context, sessions),
    },
  ]
}

const tokensOnPage = 50

async function showTokens(context: PageContext): Promise<PageContent> {
  const {call, links, query} = context
  const organization = organizationOf(context)
  const {cursor} = query
  const page = {organization, limit: tokensOnPage, ...(cursor !== undefined && {cursor})}
  const {tokens, nextCursor} = await call('listTokens', {query: page})
  const body = (
    <section>
      <OrganizationHead {...{organization, links}} tab="tokens" />
      <TokenTable {...{tokens, links}} none="The organization has no tokens yet." />
      {nextCursor !== undefined && (
        <p class="pages">
          <a rel="next" href={links.organization(organization, 'tokens', {cursor: nextCursor})}>
            More tokens
          </a>
        </p>
      )}
      <p>They stay valid when the admin who created them leaves, unless the admin is removed without keeping them.</p>
      <p class="actions">
        <a class="button" href={links.to('/-/account/new-token', {organization})}>
          Create a token
        </a>
      </p>
    </section>
  )
  return {title: `API tokens of @${organization}`, isPrivate: true, body}
}

async function showPublishers(context: PageContext): Promise<PageContent> {
  const {call, links, registry} = context
  const organization = await managedOrganization(context)
  const {publishers, required} = await call('listTrustedPublishers')
  const own = publishers.filter(({package: name}) => name.startsWith(`@${organization}/`))
  const isRequired = required.includes(`@${organization}/*`)
  const body = (
    <section>
      <OrganizationHead {...{organization, links}} tab="publishers" />
      <p>
        Their CI jobs publish without a stored secret. Add one with <code>apkg trusted-publisher add</code>.
      </p>
      <PublisherTable publishers={own} links={links} />
      <p>
        {isRequired
          ? `Only trusted publishers can change the packages of @${organization}.`
          : 'Members who can publish, and API tokens, can change packages, too.'}
      </p>
      {(isSecureUrl(registry) || isRequired) && (
        <p class="actions">
          <a class="button quiet" href={links.organization(organization, 'require-publishers')}>
            {isRequired ? 'Allow members and tokens' : 'Require trusted publishing'}
          </a>
        </p>
      )}
    </section>
  )
  return {title: `Trusted publishers of @${organization}`, isPrivate: true, body}
}

async function askToRequire(
  context: PageContext,
  sessions: BrowserSessions,
  problems: readonly FormProblem[] = [],
): Promise<PageContent> {
  const organization = await managedOrganization(context)
  const {required} = await context.call('listTrustedPublishers')
  const isRequired = required.includes(`@${organization}/*`)
  const title = isRequired ? 'Allow members and tokens to publish' : 'Require trusted publishing'
  return changePage(context, {
    title,
    explanation: isRequired
      ? `Members who can publish, and API tokens, can change the packages of @${organization} again.`
      : `Only trusted publishers can change the packages of @${organization} from then on. Members and API tokens are refused.`,
    ...{problems, action: pathOf(context, 'require-publishers'), hidden: {required: String(!isRequired)}},
    confirms: await whoConfirms(context, sessions),
    ...{submit: isRequired ? 'Allow' : 'Require', cancel: pathOf(context, 'publishers')},
  })
}

function requirePublishers(context: PageContext, sessions: BrowserSessions): Promise<PageContent | undefined> {
  const {call, form, redirect} = context
  return answerChange(context, sessions, {
    change: async () => {
      const isRequired = form['required'] === 'true'
      const body = {package: `@${organizationOf(context)}/*`, required: isRequired}
      await call('requireTrustedPublishing', {body})
      const notice = isRequired ? 'Trusted publishing is required.' : 'Trusted publishing is no longer required.'
      return redirect(pathOf(context, 'publishers'), notice)
    },
    ask: (problems) => askToRequire(context, sessions, problems),
  })
}
