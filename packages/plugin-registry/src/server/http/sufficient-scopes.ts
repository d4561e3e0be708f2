import {type Grant, grantsOf, scopes} from '@apkg/wire'

const alternatives = new Intl.ListFormat('en', {type: 'disjunction'})

/** The token scopes that include a grant, in words: "`publish`, `ci`, or `admin`". */
export function sufficientScopes(grant: Grant): string {
  return alternatives.format(scopes.filter((scope) => grantsOf([scope]).has(grant)).map((scope) => `\`${scope}\``))
}
