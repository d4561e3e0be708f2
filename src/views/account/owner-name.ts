import type {Token} from '../../account/token/token.js'

/** The organization that a token belongs to, and who created the token, such as `acme (created by ada)`. */
export function ownerName({organization, createdBy}: {organization: string} & Pick<Token, 'createdBy'>): string {
  return createdBy === null ? organization : `${organization} (created by ${createdBy})`
}
