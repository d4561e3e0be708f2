import {inAscii} from './glyphs.js'
import {withoutMarks} from './marks.js'
import {withPalette} from './palette.js'
import type {Output} from './screen.js'
import {wrapText} from './wrap.js'

/** The properties of a stream that decide how it shows a text. */
type Look = Pick<Output, 'isTerminal' | 'hasColors' | 'has256Colors' | 'isAscii'>

/**
 * Adapts a text to the stream that shows it. This is the only place that decides between marks and none, between colors of
 * the palette, basic ones and none, and between Unicode and ASCII glyphs.
 */
export function forOutput(text: string, {isTerminal, hasColors, has256Colors, isAscii}: Look): string {
  const marked = isTerminal ? text : withoutMarks(text)
  const colored = hasColors ? (has256Colors ? withPalette(marked) : marked) : withoutColors(marked)
  return isTerminal && isAscii ? inAscii(colored) : colored
}

const changeColors: Readonly<Record<string, number>> = {'+': 32, '-': 31, '~': 33}

/** Like `forOutput`, for sentences: commands are cyan, the marks of added, removed and changed things are colored, and a terminal wraps them by words. */
export function sentencesForOutput(text: string, output: Look & Pick<Output, 'columns'>): string {
  const colored = text
    .replaceAll(/`[^`\n]+`/g, (command) => `\u001B[36m${command}\u001B[39m`)
    .replaceAll(
      /^( {2})([+~-])(?= )/gm,
      (_, indent: string, mark: string) => `${indent}\u001B[${changeColors[mark]}m${mark}\u001B[39m`,
    )
  return forOutput(output.isTerminal ? wrapText(colored, output.columns) : colored, output)
}

export function withoutColors(text: string): string {
  return text.replaceAll(/\u001B\[[\d;]*m/g, '')
}
