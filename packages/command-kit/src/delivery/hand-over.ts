import type {Ports} from '../ports/ports.js'
import {success} from '../terminal/marks.js'
import {deliverValue, type Withdraw} from './deliver-value.js'
import type {Delivery, ReadyDestination} from './destination.js'
import {deliveryNote, valueNotes} from './notes.js'

/** How a command shows what it created, and what it does if the value doesn't arrive. */
export interface HandOver<Result> {
  note: (text: string) => void
  /** Shows what was created: before the value on stdout, and otherwise once the value has arrived. */
  announce: () => void
  /** Shows the result with these fields. `text` is for stdout. */
  show: (fields: {token: string} | Delivery, text: string) => Promise<Result>
  withdraw: Withdraw
}

/**
 * Prints the value of a new token on stdout, or delivers it to a file or a program.
 *
 * @param ready undefined for stdout
 * @throws the failure that `withdraw` returns, if the value doesn't arrive
 */
export async function handOver<Result>(
  value: string,
  ready: ReadyDestination | undefined,
  ports: Pick<Ports, 'env' | 'stdout' | 'stderr' | 'finish'>,
  {note, announce, show, withdraw}: HandOver<Result>,
): Promise<Result> {
  if (!ready) {
    announce()
    for (const line of valueNotes(value, ports)) note(line)
    return deliverValue(ports, () => show({token: value}, value), withdraw)
  }
  const delivery = await deliverValue(ports, () => ready.deliver(value), withdraw)
  announce()
  note(success(deliveryNote(delivery)))
  return show(delivery, '')
}
