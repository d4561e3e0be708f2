import type {Output} from './screen.js'
import {noColorForLibraries} from './no-color.js'

/** The color or weight of a part of a text. `dim` is for IDs and secondary facts. */
export type Color = 'red' | 'yellow' | 'green' | 'cyan' | 'dim' | 'bold'

const codes: Record<Color, [on: number, off: number]> = {
  red: [31, 39],
  yellow: [33, 39],
  green: [32, 39],
  cyan: [36, 39],
  dim: [2, 22],
  bold: [1, 22],
}

/** Colors a text, if the stream shows colors. `forOutput` replaces the basic colors with those of the palette. */
export function paint(output: Pick<Output, 'hasColors'>, color: Color, text: string): string {
  if (!output.hasColors || text === '') return text
  const [on, off] = codes[color]
  return `\u001B[${on}m${text}\u001B[${off}m`
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

/** Whether a stream that shows colors has those of the palette. `FORCE_COLOR=1` asks for the 16 basic ones. */
export function shows256Colors({FORCE_COLOR, TERM = '', ...env}: NodeJS.ProcessEnv): boolean {
  if (FORCE_COLOR === '2' || FORCE_COLOR === '3') return true
  if (FORCE_COLOR === '1') return false
  const isModern = ['COLORTERM', 'WT_SESSION', 'GITHUB_ACTIONS', 'GITLAB_CI'].some((name) => env[name])
  return isModern || /256|direct|kitty|alacritty|ghostty/.test(TERM)
}
