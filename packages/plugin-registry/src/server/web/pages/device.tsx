import type {JSX} from 'preact'

import {Refusal} from '../../http/refusal.js'
import type {BrowserSessions, PendingRequest, RequestSelector, Visitor} from '../browser-sessions.js'
import type {Page, PageContent, PageContext} from '../page.js'
import {Time} from '../time.js'
import {ChangeForm, FactorFields, Field, Problems} from './fields.js'

/** Where a command line is approved: with a code, or by the link that it opened on this machine. */
export function devicePages(sessions: BrowserSessions): Page[] {
  return [
    {url: '/-/device', needsLogin: true, answer: async (context) => codePage(context)},
    {
      url: '/-/device',
      method: 'POST',
      needsLogin: true,
      answer: (context) => decide(context, sessions, {code: context.form['userCode'] ?? ''}),
    },
    {
      url: '/-/authorize',
      needsLogin: true,
      answer: (context) => showRequest(context, sessions, {id: context.query['request'] ?? ''}),
    },
    {
      url: '/-/authorize',
      method: 'POST',
      needsLogin: true,
      answer: (context) => decide(context, sessions, {id: context.form['request'] ?? ''}),
    },
  ]
}

/** The code is typed, so that a link can't contain it. */
function codePage({links, formToken}: PageContext, problem?: string): PageContent {
  const body = (
    <section class="narrow">
      <h1>Connect a command line</h1>
      <p>Enter the code that apkg shows. Only continue if you started it yourself.</p>
      <Problems problems={problem === undefined ? [] : [{text: problem, field: 'userCode'}]} />
      <ChangeForm action={links.to('/-/device')} token={formToken()}>
        <Field name="userCode" label="Code" autocomplete="off" maxLength={32} hint="Such as WDJB-MJHT" isCode />
        <p>
          <button type="submit">Continue</button>
        </p>
      </ChangeForm>
    </section>
  )
  return {title: 'Connect a command line', isPrivate: true, body, ...(problem !== undefined && {status: 400})}
}

async function showRequest(
  context: PageContext,
  sessions: BrowserSessions,
  selector: RequestSelector,
  problem?: string,
): Promise<PageContent> {
  const session = context.session ?? ''
  const found = await sessions.find(session, selector, context.request)
  if (!found) return unknownRequest(context, selector)
  const visitor = await sessions.visitor(session, context.request)
  const body = <Approval {...{context, found, visitor, selector, problem}} />
  return {title: titleOf(found), isPrivate: true, body, ...(problem !== undefined && {status: 401})}
}

function unknownRequest(context: PageContext, selector: RequestSelector): PageContent {
  if ('code' in selector) return codePage(context, 'Code not found. Check it, or start again.')
  const body = (
    <section class="message">
      <h1>Request not found</h1>
      <p>It has expired, or it was already decided. Run the command again.</p>
    </section>
  )
  return {title: 'Request not found', isPrivate: true, status: 404, body}
}

async function decide(
  context: PageContext,
  sessions: BrowserSessions,
  selector: RequestSelector,
): Promise<PageContent | undefined> {
  const {decision, password = '', code} = context.form
  if (decision !== 'approve' && decision !== 'deny') return showRequest(context, sessions, selector)
  let session = context.session ?? ''
  if (decision === 'approve') {
    try {
      session = await sessions.confirm(session, {password, ...(code ? {code} : {})}, context.request)
      context.setSession(session)
    } catch (error) {
      const problem = error instanceof Refusal ? problems[error.code] : undefined
      if (problem === undefined) throw error
      return showRequest(context, sessions, selector, problem)
    }
  }
  const decided = await sessions.decide(session, selector, decision === 'approve', context.request)
  if (decided === 'closed') return unknownRequest(context, selector)
  return donePage(context, decision, decided.redirect)
}

/** Wrong input, after which the form is shown again. */
const problems: Partial<Record<Refusal['code'], string>> = {
  LOGIN_FAILED: 'The password is wrong.',
  MFA_FAILED: 'The code is wrong or was already used.',
  VALIDATION: 'Enter your password.',
}

function titleOf({isConfirmation}: PendingRequest): string {
  return isConfirmation ? 'Confirm that it is you' : 'Log in on the command line'
}

interface ApprovalProps {
  context: PageContext
  found: PendingRequest
  visitor: Visitor
  selector: RequestSelector
  problem: string | undefined
}

function Approval({context, found, visitor, selector, problem}: ApprovalProps): JSX.Element {
  const {links, formToken} = context
  const isCode = 'code' in selector
  return (
    <section class="narrow">
      <h1>{titleOf(found)}</h1>
      <p>
        {found.isConfirmation
          ? 'A command line that you are logged in with asks you to confirm that it is you, before it changes who can publish or act for you: tokens, signing keys, trusted publishers or members.'
          : 'A command line asks to log in as you. It will be able to do everything that you can.'}
      </p>
      <dl class="facts">
        <dt>Account</dt>
        <dd>
          <bdi>{visitor.username}</bdi>
        </dd>
        <dt>Address</dt>
        <dd>
          <bdi>{found.address ?? 'unknown'}</bdi>
        </dd>
        <dt>Program</dt>
        <dd>
          <bdi>{found.agent ?? 'unknown'}</bdi>
        </dd>
        <dt>Requested</dt>
        <dd>
          <Time at={new Date(found.createdAt).toISOString()} />
        </dd>
      </dl>
      <p>
        <strong>Deny it unless you started it yourself just now.</strong>
      </p>
      <Problems problems={problem === undefined ? [] : [{text: problem, field: 'password'}]} />
      <ChangeForm action={links.to(isCode ? '/-/device' : '/-/authorize')} token={formToken()}>
        <input
          {...{
            type: 'hidden',
            ...(isCode ? {name: 'userCode', value: selector.code} : {name: 'request', value: selector.id}),
          }}
        />
        <p>
          Enter your {visitor.mfaEnabled ? 'password and a new code' : 'password'} again. Being logged in is not enough,
          so that nobody else can approve it in your browser.
        </p>
        <FactorFields mfaEnabled={visitor.mfaEnabled} />
        <p class="actions">
          <button type="submit" name="decision" value="approve">
            Approve
          </button>
          <button type="submit" name="decision" value="deny" class="quiet" formNoValidate>
            Deny
          </button>
        </p>
      </ChangeForm>
    </section>
  )
}

/** `form-action` would block a redirect to another origin, so the page links there, and the header opens the link. */
function donePage({reply}: PageContext, decision: 'approve' | 'deny', redirect: string | undefined): PageContent {
  const title = decision === 'approve' ? 'Approved' : 'Denied'
  if (redirect !== undefined) void reply.header('refresh', `0;url=${redirect}`)
  const body = (
    <section class="message">
      <h1>{title}</h1>
      {redirect === undefined ? (
        <p>You can close this page and return to the terminal.</p>
      ) : (
        <p>
          <a href={redirect} rel="noreferrer">
            Return to the terminal
          </a>
        </p>
      )}
    </section>
  )
  return {title, isPrivate: true, body}
}
