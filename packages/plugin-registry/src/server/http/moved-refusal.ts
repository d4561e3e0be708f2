import {Refusal} from './refusal.js'

/** Clients try again: another server may respond. */
export function movedRefusal(): Refusal {
  const message = 'The registry has moved to another database, which another server has to serve'
  return new Refusal('BUSY', {message, headers: {'retry-after': '5'}})
}
