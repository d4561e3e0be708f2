/**
 * Where the value of a new token goes: to stdout, a new file, or the stdin of a program.
 *
 * @packageDocumentation
 */
export {deliverValue, type Withdraw} from './deliver-value.js'
export {withDestination, type Delivery, type ReadyDestination, type TokenDestination} from './destination.js'
export {destinationFlags, destinationOf, splitAtReceiver} from './destination-flags.js'
export {failure as deliveryFailure, failures as deliveryFailures} from './failures.js'
export {handOver} from './hand-over.js'
export {deliveryNote, valueNotes} from './notes.js'
