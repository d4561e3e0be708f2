import type {Output} from '../ports/ports.js'

/** What a view needs to know about the stream it is printed on. */
export type Screen = Pick<Output, 'isTerminal' | 'columns'>
