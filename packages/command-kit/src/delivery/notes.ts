import type {Ports} from '../ports/ports.js'
import {printable} from '../terminal/printable.js'
import type {Delivery} from './destination.js'
import {maskForActions} from './mask-for-actions.js'

/** What precedes a value on stdout: nothing, unless a log has to hide it, or a person has to copy it from a terminal. */
export function valueNotes(value: string, ports: Pick<Ports, 'env' | 'stdout' | 'stderr'>): string[] {
  const copyNow = ports.stdout.isTerminal ? ["Copy the token now. It won't be shown again:"] : []
  const lines = [...maskForActions(value, ports), ...copyNow]
  return lines.length > 0 ? [lines.join('\n')] : []
}

/** Where a value went that wasn't printed. */
export function deliveryNote({file, delivered}: Delivery): string {
  if (file !== undefined) return `Wrote the token to ${printable(file)}.`
  return `Passed the token to \`${printable(delivered?.command ?? '')}\`.`
}
