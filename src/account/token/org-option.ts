import {isOrganizationName} from '@apkg/wire'

/** The option of commands for tokens of an organization, with a space in front. Empty for a token of a user. */
export function orgOption(organization: string | null | undefined): string {
  return organization && isOrganizationName(organization) ? ` --org ${organization}` : ''
}
