import type {Help} from '@oclif/core'

import {wrap} from '@apkg/command-kit/wrap'

/**
 * Renders and wraps plain text without oclif, which compiles each text as a template and matches each word against a
 * regular expression for emoji.
 */
export function speedUpPlainText(formatter: Pick<Help, 'indentSpacing' | 'render' | 'wrap'>, maxWidth: number): void {
  const {render, wrap: wrapAny} = formatter
  formatter.render = (text) => (text.includes('<%') ? render(text) : text)
  formatter.wrap = (body, indentation = formatter.indentSpacing) => {
    const width = maxWidth - indentation
    const lines = formatter.render(body).split('\n')
    if (!lines.every((line) => isPlain(line, width))) return wrapAny.call(formatter, body, indentation)
    return lines.flatMap((line) => wrap(line.trim(), width).map((row) => row.trim())).join('\n')
  }
}

function isPlain(line: string, width: number): boolean {
  return /^[\x20-\x7E]*$/.test(line) && line.split(' ').every((word) => word.length <= width)
}
