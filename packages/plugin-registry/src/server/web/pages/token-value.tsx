import {CommandLine} from '../command-line.js'
import {organizationPath} from '../links.js'
import type {PageContent, PageContext} from '../page.js'

/** The page with the tokens of an organization, or else of the visitor, as a path for `redirect`. */
export function tokensPath(organization: string | null | undefined): string {
  return organization ? organizationPath(organization, 'tokens') : '/-/account'
}

/** Answers the POST itself, so that the value is in no address and in no other response. */
export function valuePage(
  {links}: PageContext,
  {token, name, id, organization}: {token: string; name: string; id: string; organization?: string | null},
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
        <a class="button quiet" href={links.to(tokensPath(organization))}>
          {organization ? 'All tokens of the organization' : 'Back to your account'}
        </a>
      </p>
    </section>
  )
  return {title, isPrivate: true, body}
}
