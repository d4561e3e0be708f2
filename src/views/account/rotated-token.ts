import {printable} from '@apkg/command-kit'
import {parseGrace} from '@apkg/wire'

import type {DeliveredRotation} from '../../account/token/deliver-rotation.js'
import type {Token} from '../../account/token/token.js'
import {deliveryNote} from './created-token.js'

/** Everything about a rotated token except its new value. */
export function rotatedNotes({id, label, prefix, expiresAt}: Token, registry: string): string {
  return [
    `Rotated API token: ${printable(label)}`,
    `  id        ${printable(id)}`,
    `  registry  ${registry}`,
    ...(prefix === null ? [] : [`  prefix    ${printable(prefix)}`]),
    `  expires   ${printable(expiresAt ?? 'never')}`,
  ].join('\n')
}

/** Where the new value is, and how long the old one works. */
export function rotationEnd({grace, use, delivery}: Omit<DeliveredRotation, 'rotated'> & {grace: string}): {
  notes: string
  warnings: string[]
} {
  return {notes: [...placeOf(delivery), oldValue(grace, use)].join('\n'), warnings: warningsOf(use)}
}

function placeOf(delivery: DeliveredRotation['delivery']): string[] {
  if (!delivery) return []
  const {storedIn} = delivery
  return [storedIn === undefined ? deliveryNote(delivery) : `Stored the new value in ${printable(storedIn)}.`]
}

function oldValue(grace: string, use: DeliveredRotation['use']): string {
  if (parseGrace(grace) === 0) return 'The old value no longer works.'
  if (use === 'used') return `The old value works for another ${grace}.`
  return `The old value works until the new one is first used, and for ${grace} after that.`
}

function warningsOf(use: DeliveredRotation['use']): string[] {
  if (use === 'used') return []
  const problem = printable(use.problem)
  if (!use.isReplaced) return [`The new value could not be tried out: ${problem}`]
  return [
    `The new value is already invalid, because another rotation replaced it. Rotate the token again. (${problem})`,
  ]
}
