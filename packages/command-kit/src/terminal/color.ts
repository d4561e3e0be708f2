import {styleText} from 'node:util'

import type {Output} from '../ports/ports.js'

export type Color = 'red' | 'yellow' | 'cyan'

/** A text in a color, where the stream it is for shows colors. */
export function paint(output: Pick<Output, 'hasColors'>, color: Color, text: string): string {
  return output.hasColors ? styleText(color, text) : text
}

/**
 * Whether a stream shows colors: `NO_COLOR` (any value but an empty one, no-color.org) beats `FORCE_COLOR`, which beats
 * `TERM=dumb` and the stream being no terminal.
 */
export function showsColors(isTerminal: boolean, env: NodeJS.ProcessEnv): boolean {
  if (env['NO_COLOR']) return false
  if (env['FORCE_COLOR'] !== undefined) return env['FORCE_COLOR'] !== '0' && env['FORCE_COLOR'] !== 'false'
  return isTerminal && env['TERM'] !== 'dumb'
}
