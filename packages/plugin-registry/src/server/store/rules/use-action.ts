import type {UseDetails} from '../store.js'

/** Starts the column of a request that was refused. Names of endpoints have no spaces. */
const refusedMark = 'refused '

/** What a credential was used for, as it is stored. */
export function toActionColumn({action, refused}: Pick<UseDetails, 'action' | 'refused'>): string {
  return refused ? refusedMark + action : action
}

export function parseActionColumn(stored: string): Pick<UseDetails, 'action' | 'refused'> {
  if (!stored.startsWith(refusedMark)) return {action: stored}
  return {action: stored.slice(refusedMark.length), refused: true}
}
