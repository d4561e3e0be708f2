import type {JSX} from 'preact'

import type {BodyOf} from '../call.js'
import {DataTable} from '../data-table.js'
import type {Links} from '../links.js'
import {NextPage} from '../next-page.js'
import type {Page, PageContent, PageContext} from '../page.js'
import {Time} from '../time.js'
import {Results} from './results.js'

const pageSize = 50

type Scope = BodyOf<'getScope'>
type Member = BodyOf<'listMembers'>['members'][number]

/** The page of a user or an organization. */
export function scopePage(): Page {
  return {url: '/@:scope', answer: showScope}
}

async function showScope(context: PageContext): Promise<PageContent> {
  const {call, links, query, request} = context
  const {scope} = request.params as {scope: string}
  const {cursor} = query
  const page = {limit: pageSize, ...(cursor !== undefined && {cursor})}
  const found = await call('getScope', {params: {scope}, query: page})
  const membership = found.kind === 'organization' ? await findMembership(context, scope) : undefined
  const body = <ScopeView {...{found, links, membership, isFirst: cursor === undefined}} />
  return {title: `@${scope}`, body}
}

interface Membership {
  members: readonly Member[]
  isAdmin: boolean
}

/** Only members can see who the others are. */
async function findMembership({call, session}: PageContext, organization: string): Promise<Membership | undefined> {
  if (session === undefined) return undefined
  const own = (await call('whoami')).orgs.find(({name}) => name === organization)
  if (!own) return undefined
  const {members} = await call('listMembers', {params: {organization}})
  return {members, isAdmin: own.role === 'admin'}
}

interface ScopeViewProps {
  found: Scope
  links: Links
  membership: Membership | undefined
  /** Whether it is the first page of packages. */
  isFirst: boolean
}

function ScopeView({found, links, membership, isFirst}: ScopeViewProps): JSX.Element {
  const {scope, kind, packages, nextCursor, keys} = found
  const next = nextCursor === undefined ? undefined : links.scope(scope, nextCursor)
  return (
    <article class="package">
      <header class="package-head">
        <h1>@{scope}</h1>
        <p class="facts">
          <span class="tag">{kind}</span>
        </p>
        {membership?.isAdmin && (
          <p class="actions">
            <a class="button quiet" href={links.organization(scope)}>
              Manage
            </a>
          </p>
        )}
      </header>
      <section>
        <h2>Packages</h2>
        {packages.length === 0 ? (
          <p class="empty">There are no packages yet.</p>
        ) : (
          <Results hits={packages} links={links} />
        )}
        <NextPage next={next} first={isFirst ? undefined : links.scope(scope)} />
      </section>
      {membership && <Members members={membership.members} />}
      {kind === 'user' && <Keys keys={keys} />}
    </article>
  )
}

function Members({members}: {members: readonly Member[]}): JSX.Element {
  return (
    <section>
      <h2>Members</h2>
      <p class="faint">Only members see this list.</p>
      <DataTable label="Members" columns={['User', 'Role']}>
        {members.map(({user, role}) => (
          <tr key={user}>
            <td>{user}</td>
            <td>{role}</td>
          </tr>
        ))}
      </DataTable>
    </section>
  )
}

function Keys({keys}: {keys: Scope['keys']}): JSX.Element {
  return (
    <section>
      <h2>Signing keys</h2>
      {keys.length === 0 ? (
        <p class="empty">There are no signing keys.</p>
      ) : (
        <DataTable label="Signing keys" columns={['ID', 'Public key', 'Registered', 'Status']}>
          {keys.map(({keyId, publicKey, createdAt, status, reason}) => (
            <tr key={keyId}>
              <td>
                <code>{keyId}</code>
              </td>
              <td>
                <code>{publicKey}</code>
              </td>
              <td>
                <Time at={createdAt} />
              </td>
              <td>{reason === undefined ? status : `${status} (${reason})`}</td>
            </tr>
          ))}
        </DataTable>
      )}
    </section>
  )
}
