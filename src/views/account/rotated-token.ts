import {printable, timesOn, type Ports} from '@apkg/command-kit'
import {deliveryNote} from '@apkg/command-kit/delivery'
import {parseGrace} from '@apkg/wire'

import type {DeliveredRotation} from '../../account/token/deliver-rotation.js'
import type {OldValueState, TokenToRotate} from '../../account/token/request-rotation.js'
import type {Token} from '../../account/token/token.js'

/** Everything about a rotated token except its new value. */
export function rotatedNotes(
  {id, label, prefix, expiresAt}: Token,
  registry: string,
  time = (text: string) => text,
): string {
  return [
    `Rotated token ${printable(label)}`,
    `  id        ${printable(id)}`,
    `  registry  ${registry}`,
    ...(prefix === null ? [] : [`  prefix    ${printable(prefix)}`]),
    `  expires   ${printable(expiresAt === null ? 'never' : time(expiresAt))}`,
  ].join('\n')
}

interface RotationEnd extends Omit<DeliveredRotation, 'rotated'> {
  grace: string
  oldValue: OldValueState
}

/** Where the new value is, and how long the old one works. */
export function rotationEnd(
  {grace, oldValue, use, delivery, expiresAt}: RotationEnd,
  {stderr, now}: Pick<Ports, 'stderr' | 'now'>,
): {notes: string; warnings: string[]} {
  const graceEnd = now().getTime() + (parseGrace(grace) ?? 0)
  const isShort = oldValue === 'works' && use === 'used' && expiresAt !== null && Date.parse(expiresAt) < graceEnd
  const end = isShort
    ? [`The old value expires ${stderr.isTerminal ? '' : 'at '}${timesOn(stderr, now())(expiresAt)}.`]
    : endOfOldValue(oldValue, grace, use)
  return {notes: [...placeOf(delivery), ...end.map(printable)].join('\n'), warnings: warningsOf(use)}
}

/** How long after a rotation a job may still have the value that it replaced, in milliseconds: the default grace. */
const recent = 86_400_000

/**
 * Warns that a value ended before its grace period did. A token has at most two values that work, so a rotation ends the
 * one that the rotation before replaced, unless the new value was never used.
 */
export function endedEarlyWarnings(
  {label, prefix, rotatedAt}: TokenToRotate,
  {oldValue}: Token,
  {stderr, now}: Pick<Ports, 'stderr' | 'now'>,
): string[] {
  if (!rotatedAt || now().getTime() - Date.parse(rotatedAt) >= recent) return []
  if (!oldValue || oldValue.prefix !== prefix) return []
  const when = `${stderr.isTerminal ? '' : 'at '}${timesOn(stderr, now())(rotatedAt)}`
  return [
    printable(
      `${label} was also rotated ${when}. The value before that one no longer works: a token has at most two values.`,
    ),
  ]
}

function placeOf(delivery: DeliveredRotation['delivery']): string[] {
  if (!delivery) return []
  const {storedIn} = delivery
  return [storedIn === undefined ? deliveryNote(delivery) : `Stored the new value in ${printable(storedIn)}.`]
}

function endOfOldValue(state: OldValueState, grace: string, use: DeliveredRotation['use']): string[] {
  const end = {
    ended: ['The old value no longer works.'],
    unknown: [],
    works: [
      use === 'used'
        ? `The old value works for another ${grace}.`
        : `The old value works until the new one is first used, and for ${grace} after that.`,
    ],
  }[state]
  return use === 'elsewhere' ? [["The token can't be used from this machine's address.", ...end].join(' ')] : end
}

function warningsOf(use: DeliveredRotation['use']): string[] {
  if (typeof use === 'string') return []
  const problem = printable(use.problem)
  if (!use.isReplaced) return [`The new value could not be tested: ${problem}`]
  return [
    `The new value is already invalid, because another rotation replaced it. Rotate the token again. (${problem})`,
  ]
}
