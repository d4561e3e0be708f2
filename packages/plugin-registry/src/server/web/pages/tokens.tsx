import {type Scope, scopes as allScopes} from '@apkg/wire'
import type {JSX} from 'preact'

import {Refusal} from '../../http/refusal.js'
import {DataTable} from '../data-table.js'
import type {BrowserSessions} from '../browser-sessions.js'
import type {BodyOf} from '../call.js'
import {CommandLine} from '../command-line.js'
import type {Links} from '../links.js'
import type {Page, PageContent, PageContext} from '../page.js'
import {Time} from '../time.js'
import {confirmIfGiven, factorOf, problemOf} from './confirmation.js'
import {ChangeForm, FactorFields, Field, Problem} from './fields.js'

type Token = BodyOf<'listTokens'>['tokens'][number]

/** The scopes that the form offers, each with what it allows. */
const offered: Partial<Record<Scope, string>> = {
  read: 'Read private packages',
  publish: 'Publish, tag, deprecate and yank',
  admin: 'Manage tokens and keys',
}

/** What can be done with a token, on a page that asks to confirm it. */
const actions = {
  rotate: {
    title: 'Rotate',
    effect:
      'It gets a new value, which is shown once. The old one works for another day after the new one is first used.',
  },
  suspend: {title: 'Suspend', effect: 'It is refused until you resume it.'},
  resume: {title: 'Resume', effect: 'It works again.'},
  revoke: {title: 'Revoke', effect: 'It is refused from now on. This cannot be undone.'},
} as const

type Action = keyof typeof actions

/** Tokens are created, shown, rotated, suspended, resumed and revoked here. */
export function tokenPages(sessions: BrowserSessions): Page[] {
  return [
    {url: '/-/account/new-token', needsLogin: true, answer: (context) => newToken(context, sessions)},
    {url: '/-/account/new-token', method: 'POST', needsLogin: true, answer: (context) => create(context, sessions)},
    {url: '/-/account/token', needsLogin: true, answer: showToken},
    {url: '/-/account/change-token', needsLogin: true, answer: (context) => askToChange(context, sessions)},
    {url: '/-/account/change-token', method: 'POST', needsLogin: true, answer: (context) => change(context, sessions)},
  ]
}

async function newToken(
  context: PageContext,
  sessions: BrowserSessions,
  problem?: string,
  field = 'name',
): Promise<PageContent> {
  const {links, form, formToken, request} = context
  const visitor = await sessions.visitor(context.session ?? '', request)
  const isFirst = form['token'] === undefined
  const isChecked = (scope: string) => (isFirst ? scope !== 'admin' : form[`scope-${scope}`] !== undefined)
  const body = (
    <section class="narrow">
      <h1>Create an API token</h1>
      <p>For CI and scripts. Its value is shown once.</p>
      <Problem text={problem} field={field} />
      <ChangeForm action={links.to('/-/account/new-token')} token={formToken()}>
        <Field
          name="name"
          label="Label"
          value={form['name'] ?? ''}
          autocomplete="off"
          maxLength={100}
          hint="Such as ci"
        />
        <fieldset>
          <legend>Scopes</legend>
          {Object.entries(offered).map(([scope, effect]) => (
            <p key={scope}>
              <label>
                <input type="checkbox" name={`scope-${scope}`} value="on" checked={isChecked(scope)} />{' '}
                <code>{scope}</code> {effect}
              </label>
            </p>
          ))}
        </fieldset>
        <Field
          {...{
            name: 'packages',
            label: 'Packages',
            value: form['packages'] ?? '',
            autocomplete: 'off',
            maxLength: 1000,
          }}
          {...{hint: 'Such as @acme/*. Empty: every package.', isOptional: true}}
        />
        <Field
          {...{
            name: 'expiresIn',
            label: 'Expires in',
            value: form['expiresIn'] ?? '90d',
            autocomplete: 'off',
            maxLength: 16,
          }}
          {...{hint: 'Such as 12h, 30d, 1y or never.'}}
        />
        <Field
          {...{
            name: 'note',
            label: 'Note',
            value: form['note'] ?? '',
            autocomplete: 'off',
            maxLength: 250,
            isOptional: true,
          }}
        />
        {visitor.mustConfirm && <FactorFields mfaEnabled={visitor.mfaEnabled} />}
        <p>
          <button type="submit">Create</button>
        </p>
      </ChangeForm>
    </section>
  )
  return {title: 'Create an API token', isPrivate: true, body, ...(problem !== undefined && {status: 400})}
}

async function create(context: PageContext, sessions: BrowserSessions): Promise<PageContent> {
  const {form} = context
  const scopes = allScopes.filter((scope) => form[`scope-${scope}`] !== undefined)
  if (scopes.length === 0) return newToken(context, sessions, 'Choose at least one scope.')
  try {
    await confirmIfGiven(context, sessions)
    const created = await context.call('createToken', {
      body: {
        name: form['name'] ?? '',
        scopes,
        packageScope: form['packages']?.trim() || null,
        expiresIn: form['expiresIn'] ?? '',
        note: form['note']?.trim() || null,
      },
    })
    return valuePage(context, created, 'Token created')
  } catch (error) {
    return newToken(context, sessions, problemOf(error), factorOf(error))
  }
}

/** Answers the POST itself, so that the value is in no address and in no other response. */
function valuePage(
  {links}: PageContext,
  {token, name, id}: {token: string; name: string; id: string},
  title: string,
): PageContent {
  const body = (
    <section class="narrow">
      <h1>{title}</h1>
      <p>
        This is the value of <strong>{name}</strong>. Copy it now: it is not shown again.
      </p>
      <output class="value" data-copy={token} data-copy-label="the token" data-secret>
        <code>{token}</code>
      </output>
      <p>To store it in GitHub Actions, run this and paste the value:</p>
      <CommandLine command="gh secret set APKG_TOKEN" label="the command to store it" />
      <p class="actions">
        <a class="button" href={links.to('/-/account/token', {id})}>
          Token details
        </a>
        <a class="button quiet" href={links.to('/-/account')}>
          Back to your account
        </a>
      </p>
    </section>
  )
  return {title, isPrivate: true, body}
}

async function showToken({call, links, query}: PageContext): Promise<PageContent> {
  const token = await call('getToken', {params: {id: query['id'] ?? ''}})
  const facts: [string, JSX.Element | string][] = [
    ['Status', token.status],
    ['Value', `${token.prefix}…`],
    ['Scopes', token.scopes.join(', ')],
    ['Packages', token.packagePatterns.join(', ') || 'all'],
    ['Created', <Time at={token.createdAt} />],
    ['Expires', token.expires ? <Time at={token.expires} /> : 'never'],
    ['Last used', token.lastUsed ? <Time at={token.lastUsed} /> : 'never'],
    ['Last used from', token.lastUse ? `${token.lastUse.address} (${token.lastUse.agent ?? 'unknown program'})` : '–'],
    ['Note', token.note ?? '–'],
  ]
  const body = (
    <section>
      <h1>
        <bdi>{token.name}</bdi>
      </h1>
      <table>
        <tbody>
          {facts.map(([name, value]) => (
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
        {actionsOf(token).map((action) => (
          <a key={action} class="button quiet" href={links.to('/-/account/change-token', {id: token.id, action})}>
            {actions[action].title}
          </a>
        ))}
      </p>
    </section>
  )
  return {title: token.name, isPrivate: true, body}
}

function actionsOf({status}: Pick<Token, 'status'>): Action[] {
  if (status === 'active') return ['rotate', 'suspend', 'revoke']
  if (status === 'suspended') return ['resume', 'revoke']
  return status === 'revoked' ? [] : ['revoke']
}

async function askToChange(
  {call, links, query, form, formToken, request, session = ''}: PageContext,
  sessions: BrowserSessions,
  problem?: string,
): Promise<PageContent> {
  const {id = '', action = ''} = {...query, ...form}
  const token = await call('getToken', {params: {id}})
  if (!isAction(action)) throw new Refusal('NOT_FOUND')
  const visitor = await sessions.visitor(session, request)
  const asks = visitor.mustConfirm && (action === 'rotate' || action === 'resume')
  const {title, effect} = actions[action]
  const body = (
    <section class="narrow">
      <h1>
        {title} <bdi>{token.name}</bdi>?
      </h1>
      <p>{effect}</p>
      <Problem text={problem} {...(asks && {field: 'password'})} />
      <ChangeForm action={links.to('/-/account/change-token')} token={formToken()}>
        {Object.entries({id: token.id, action, prefix: token.prefix}).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        {asks && <FactorFields mfaEnabled={visitor.mfaEnabled} />}
        <p class="actions">
          <button type="submit">{title}</button>
          <a class="button quiet" href={links.to('/-/account/token', {id: token.id})}>
            Cancel
          </a>
        </p>
      </ChangeForm>
    </section>
  )
  return {title: `${title} ${token.name}`, isPrivate: true, body, ...(problem !== undefined && {status: 400})}
}

function isAction(text: string): text is Action {
  return Object.hasOwn(actions, text)
}

async function change(context: PageContext, sessions: BrowserSessions): Promise<PageContent | undefined> {
  const {call, form, redirect} = context
  const {id = '', action = '', prefix} = form
  if (!isAction(action)) throw new Refusal('NOT_FOUND')
  const params = {id}
  try {
    await confirmIfGiven(context, sessions)
    if (action === 'rotate') {
      // A repetition would replace the value that was shown.
      if ((await call('getToken', {params})).prefix !== prefix) {
        return await askToChange(context, sessions, 'It was already rotated, and the new value was shown once.')
      }
      return valuePage(context, await call('rotateToken', {params}), 'Token rotated')
    }
    if (action === 'suspend') await call('suspendToken', {params})
    else if (action === 'resume') await call('resumeToken', {params})
    else await call('revokeToken', {params})
    return redirect('/-/account')
  } catch (error) {
    return askToChange(context, sessions, problemOf(error))
  }
}

/** Active and suspended tokens. */
export function TokenTable({tokens, links}: {tokens: readonly Token[]; links: Links}): JSX.Element {
  if (tokens.length === 0) return <p class="empty">You have no tokens yet.</p>
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
