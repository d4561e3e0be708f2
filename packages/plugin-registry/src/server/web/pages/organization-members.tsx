import {organizationRoles} from '@apkg/wire'
import type {JSX} from 'preact'

import type {BrowserSessions} from '../browser-sessions.js'
import type {BodyOf} from '../call.js'
import {DataTable} from '../data-table.js'
import type {Links} from '../links.js'
import type {Page, PageContent, PageContext} from '../page.js'
import {answerChange, changePage, whoConfirms} from './change-page.js'
import {Checkbox, Field, type FormProblem} from './fields.js'
import {managedOrganization, OrganizationHead, organizationOf, pathOf} from './organization-head.js'

type Member = BodyOf<'listMembers'>['members'][number]

/** What each role allows. */
const effects: Record<(typeof organizationRoles)[number], string> = {
  reader: 'read private packages',
  publisher: 'also publish, tag, deprecate and yank',
  admin: 'also manage members, tokens and trusted publishers',
}

const fields = {user: {id: 'user', label: 'User'}, role: {id: 'role-reader', label: 'Role'}}

/** The members of an organization. All of them see the list, and its admins change it. */
export function memberPages(sessions: BrowserSessions): Page[] {
  const url = '/-/organizations/:organization'
  return [
    {url, needsLogin: true, answer: showMembers},
    {url: `${url}/member`, needsLogin: true, answer: (context) => askForRole(context, sessions)},
    {url: `${url}/member`, method: 'POST', needsLogin: true, answer: (context) => setRole(context, sessions)},
    {url: `${url}/remove-member`, needsLogin: true, answer: (context) => askToRemove(context, sessions)},
    {url: `${url}/remove-member`, method: 'POST', needsLogin: true, answer: (context) => remove(context, sessions)},
  ]
}

async function showMembers(context: PageContext): Promise<PageContent> {
  const {call, links} = context
  const organization = organizationOf(context)
  const {members} = await call('listMembers', {params: {organization}})
  const {username} = await call('whoami')
  const isAdmin = members.some(({user, role}) => user === username && role === 'admin')
  const body = (
    <section>
      <OrganizationHead {...{organization, links}} tab="members" />
      <MemberTable {...{organization, members, links, isAdmin}} />
      {isAdmin && (
        <p class="actions">
          <a class="button" href={links.organization(organization, 'member')}>
            Add a member
          </a>
        </p>
      )}
    </section>
  )
  return {title: `Members of @${organization}`, isPrivate: true, body}
}

interface MemberTableProps {
  organization: string
  members: readonly Member[]
  links: Links
  isAdmin: boolean
}

function MemberTable({organization, members, links, isAdmin}: MemberTableProps): JSX.Element {
  return (
    <DataTable label="Members" columns={isAdmin ? ['User', 'Role', 'Action'] : ['User', 'Role']}>
      {members.map(({user, role}) => (
        <tr key={user}>
          <td>{user}</td>
          <td>{role}</td>
          {isAdmin && (
            <td>
              <a href={links.organization(organization, 'member', {user})} aria-label={`Change the role of ${user}`}>
                Change role
              </a>{' '}
              <a href={links.organization(organization, 'remove-member', {user})} aria-label={`Remove ${user}`}>
                Remove
              </a>
            </td>
          )}
        </tr>
      ))}
    </DataTable>
  )
}

/** Asks for a user and a role. With a user in the address, for another role of this member.
 * A link can't choose the role. */
async function askForRole(
  context: PageContext,
  sessions: BrowserSessions,
  problems: readonly FormProblem[] = [],
): Promise<PageContent> {
  const {call, query, form} = context
  const organization = await managedOrganization(context)
  const {user = query['user'], role} = form
  const {members} = await call('listMembers', {params: {organization}})
  const member = members.find((each) => each.user === user)
  const title = member ? `Change the role of ${member.user}` : 'Add a member'
  return changePage(context, {
    title,
    explanation: <>In the organization @{organization}. Users need an account in this registry.</>,
    ...{problems, action: pathOf(context, 'member')},
    ...(member && {hidden: {user: member.user}}),
    children: (
      <>
        {!member && (
          <Field name="user" label="User" value={user ?? ''} maxLength={64} autocomplete="off" hint="The username." />
        )}
        <RoleFields role={role ?? member?.role ?? 'reader'} />
      </>
    ),
    confirms: await whoConfirms(context, sessions),
    ...{submit: member ? 'Change' : 'Add', cancel: pathOf(context)},
  })
}

function RoleFields({role}: {role: string}): JSX.Element {
  return (
    <fieldset>
      <legend>Role</legend>
      {organizationRoles.map((each) => (
        <label class="choice" key={each}>
          <input type="radio" id={`role-${each}`} name="role" value={each} required checked={each === role} />
          <span>
            <code>{each}</code>: {effects[each]}
          </span>
        </label>
      ))}
    </fieldset>
  )
}

function setRole(context: PageContext, sessions: BrowserSessions): Promise<PageContent | undefined> {
  const {call, form, redirect} = context
  return answerChange(context, sessions, {
    change: async () => {
      const params = {organization: organizationOf(context), user: form['user']?.trim() ?? ''}
      const {user, role, outcome} = await call('setMember', {params, body: {role: form['role'] ?? ''}})
      return redirect(pathOf(context), `${user} ${outcome === 'added' ? 'was added as' : 'is'} ${role}.`)
    },
    ask: (problems) => askForRole(context, sessions, problems),
    fields,
  })
}

async function askToRemove(
  context: PageContext,
  sessions: BrowserSessions,
  problems: readonly FormProblem[] = [],
): Promise<PageContent> {
  const {query, form} = context
  const organization = await managedOrganization(context)
  const {user = query['user'] ?? '', keep} = form
  return changePage(context, {
    title: 'Remove a member',
    heading: (
      <>
        Remove <bdi>{user}</bdi> from @{organization}?
      </>
    ),
    explanation:
      'The user loses access with the next request. Tokens and trusted publishers that the user created for the organization are suspended.',
    ...{problems, action: pathOf(context, 'remove-member'), hidden: {user}},
    children: (
      <Checkbox name="keep" isChecked={keep !== undefined}>
        Keep these tokens and trusted publishers working
      </Checkbox>
    ),
    confirms: await whoConfirms(context, sessions),
    ...{submit: 'Remove', cancel: pathOf(context)},
  })
}

function remove(context: PageContext, sessions: BrowserSessions): Promise<PageContent | undefined> {
  const {call, form, redirect} = context
  return answerChange(context, sessions, {
    change: async () => {
      const params = {organization: organizationOf(context), user: form['user'] ?? ''}
      const query = {keepAccess: form['keep'] !== undefined}
      const {user, tokens, trustedPublishers} = await call('removeMember', {params, query})
      const suspended = [...tokens, ...trustedPublishers].filter(({status}) => status === 'suspended').length
      const more = suspended === 0 ? '' : ` Suspended: ${suspended}.`
      const isOwn = (await call('whoami')).username === user
      return redirect(isOwn ? '/-/account' : pathOf(context), `${user} was removed.${more}`)
    },
    ask: (problems) => askToRemove(context, sessions, problems),
    fields,
  })
}
