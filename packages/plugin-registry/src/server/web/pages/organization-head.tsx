import type {JSX} from 'preact'

import {Refusal} from '../../http/refusal.js'
import {type Links, organizationPath} from '../links.js'
import type {PageContext} from '../page.js'

const titles = {members: 'Members', tokens: 'API tokens', publishers: 'Trusted publishers'} as const

export type OrganizationTab = keyof typeof titles

interface HeadProps {
  organization: string
  tab: OrganizationTab
  links: Links
}

/** The name of an organization, and the pages about it. */
export function OrganizationHead({organization, tab, links}: HeadProps): JSX.Element {
  return (
    <>
      <h1>
        <a href={links.scope(organization)}>@{organization}</a>
      </h1>
      <nav class="tabs" aria-label="Organization">
        {(Object.keys(titles) as OrganizationTab[]).map((each) => (
          <a
            key={each}
            href={links.organization(organization, each === 'members' ? undefined : each)}
            aria-current={each === tab ? 'page' : undefined}
          >
            {titles[each]}
          </a>
        ))}
      </nav>
    </>
  )
}

/** The organization in the address of a page. */
export function organizationOf({request}: PageContext): string {
  return (request.params as {organization: string}).organization
}

/** A page about the organization in the address, as a path for `redirect`. */
export function pathOf(context: PageContext, page?: string): string {
  return organizationPath(organizationOf(context), page)
}

/**
 * Returns the organization in the address, for pages that are of no use to others than its admins. The endpoints check
 * it again.
 *
 * @throws {Refusal} ORGANIZATION_FORBIDDEN
 */
export async function managedOrganization(context: PageContext): Promise<string> {
  const organization = organizationOf(context)
  const {orgs} = await context.call('whoami')
  if (orgs.some(({name, role}) => name === organization && role === 'admin')) return organization
  throw new Refusal('ORGANIZATION_FORBIDDEN', {message: `Only admins of ${organization} can manage it`})
}
