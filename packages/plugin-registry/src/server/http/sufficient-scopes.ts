import {offeredScopes, type Right, rightsOf} from '@apkg/wire'

const alternatives = new Intl.ListFormat('en', {type: 'disjunction'})

/** The token scopes that include at least one of the rights, in words: "`publish`, `admin`, or `tag`". */
export function sufficientScopes(rights: readonly Right[]): string {
  const sufficient = offeredScopes.filter((scope) => rights.some((right) => rightsOf([scope]).has(right)))
  return alternatives.format(sufficient.map((scope) => `\`${scope}\``))
}
