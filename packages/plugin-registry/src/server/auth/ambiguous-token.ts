import {Refusal} from '../http/refusal.js'
import type {TokenRecord} from '../store/store.js'

/** The refusal if several tokens match. */
export function ambiguousToken(candidates: readonly Pick<TokenRecord, 'id' | 'label'>[]): Refusal {
  return new Refusal('TOKEN_AMBIGUOUS', {
    details: candidates.map(({id, label}) => ({field: 'id', message: `${id} is the token "${label}"`})),
  })
}
