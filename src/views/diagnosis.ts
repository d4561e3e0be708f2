import {paint, type Output} from '@apkg/command-kit'

import type {Diagnosis} from '../doctor/examine.js'

const colours = {ok: undefined, warning: 'yellow', problem: 'red'} as const

/** A line a finding, and below it what mends it. */
export function diagnosisText({findings}: Diagnosis, output: Pick<Output, 'hasColours'>): string {
  const width = Math.max(...findings.map(({title}) => title.length))
  return findings
    .map(({status, title, message, mend}) => {
      const colour = colours[status]
      const word = status.padEnd('problem'.length)
      const line = `${colour ? paint(output, colour, word) : word}  ${title.padEnd(width)}  ${message}\n`
      return mend === null ? line : `${line}  ${paint(output, 'cyan', 'try:')} ${mend}\n`
    })
    .join('')
}

export function diagnosisNote({summary: {warning, problem}}: Diagnosis): string {
  if (warning === 0 && problem === 0) return 'Everything is as it should be.'
  return `${counted(problem, 'problem')}, ${counted(warning, 'warning')}.`
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}
