import {paint, success, type Output} from '@apkg/command-kit'

import type {Diagnosis} from '../../machine/doctor/run-checks.js'
import {counted} from '../counted.js'
import {hanging} from '@apkg/command-kit/wrap'

const colors = {ok: 'green', skipped: 'dim', warning: 'yellow', problem: 'red'} as const

const wordWidth = 'problem'.length

/** One line per finding, wrapped on a narrow terminal, followed by its fix. */
export function diagnosisText(
  {findings}: Diagnosis,
  output: Pick<Output, 'hasColors' | 'isTerminal' | 'columns'>,
): string {
  const width = Math.max(...findings.map(({title}) => title.length))
  const indent = wordWidth + width + 4
  const columns = output.isTerminal ? output.columns : Infinity
  return findings
    .map(({status, title, message, fix}) => {
      const color = colors[status]
      const word = status.padEnd(wordWidth)
      const line = `${paint(output, color, word)}  ${title.padEnd(width)}  ${hanging(message, indent, columns)}\n`
      return fix === null ? line : `${line}  ${paint(output, 'dim', 'hint:')} ${fix}\n`
    })
    .join('')
}

export function diagnosisNote({summary: {warning, problem}}: Diagnosis): string {
  if (warning === 0 && problem === 0) return success('No problems found.')
  return `${counted(problem, 'problem')}, ${counted(warning, 'warning')}.`
}
