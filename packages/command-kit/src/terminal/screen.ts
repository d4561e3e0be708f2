import type {Output} from '../ports/ports.js'

/** What a view needs to know about its output. */
export type Screen = Pick<Output, 'isTerminal' | 'columns'>
