import {styleText} from 'node:util'

import type {Output} from '../ports/ports.js'

export type Colour = 'red' | 'yellow' | 'cyan'

/** A text in a colour, where the stream it is for shows colours. */
export function paint(output: Pick<Output, 'hasColours'>, colour: Colour, text: string): string {
  return output.hasColours ? styleText(colour, text) : text
}

/**
 * Whether a stream shows colours: `NO_COLOR` (any value but an empty one, no-color.org) beats `FORCE_COLOR`, which beats
 * `TERM=dumb` and the stream being no terminal.
 */
export function showsColours(isTerminal: boolean, env: NodeJS.ProcessEnv): boolean {
  if (env['NO_COLOR']) return false
  if (env['FORCE_COLOR'] !== undefined) return env['FORCE_COLOR'] !== '0' && env['FORCE_COLOR'] !== 'false'
  return isTerminal && env['TERM'] !== 'dumb'
}
