import {offeredScopes, rights, rightsOf} from '@apkg/wire'

import type {ValueSource} from './value-source.js'

/** The scopes that a token can be created with. */
export const tokenScopes: ValueSource = {
  known: () => Promise.resolve(offeredScopes.map((value) => ({value, description: descriptionOf(value)}))),
}

function descriptionOf(scope: string): string {
  const [first, ...others] = [...rightsOf([scope])].map((right) => rights[right])
  return others.length === 0 ? `${first}` : `${first}, and more`
}
