import {styleText} from 'node:util'

import type {Output} from './screen.js'
import {noColorForLibraries} from './no-color.js'

export type Color = 'red' | 'yellow' | 'cyan'

/** Colors a text, if the stream shows colors. Newer versions of Node would look at stdout instead. */
export function paint(output: Pick<Output, 'hasColors'>, color: Color, text: string): string {
  return output.hasColors ? styleText(color, text, {validateStream: false}) : text
}

/**
 * Whether a stream shows colors. A non-empty `NO_COLOR` (no-color.org) takes precedence over `FORCE_COLOR`. Without
 * either, only terminals show colors, unless `TERM` is `dumb`.
 */
export function showsColors(isTerminal: boolean, env: NodeJS.ProcessEnv): boolean {
  const {NO_COLOR} = env
  if (NO_COLOR && NO_COLOR !== noColorForLibraries) return false
  if (env['FORCE_COLOR'] !== undefined) return env['FORCE_COLOR'] !== '0' && env['FORCE_COLOR'] !== 'false'
  return isTerminal && env['TERM'] !== 'dumb'
}
