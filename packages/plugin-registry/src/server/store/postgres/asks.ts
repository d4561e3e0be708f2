import {type Ask, type Step, Together} from '../port.js'
import {type Command, compile} from './compile.js'
import type {Answer} from './pipeline.js'

/** Compiles the queries of a round trip. */
export function commandsOf(ask: Ask): Command[] {
  const steps: readonly Step<unknown>[] = ask instanceof Together ? ask.steps : [ask]
  return steps.map(({query}) => compile(query))
}

/** Returns what a round trip asked for. */
export function toResult(ask: Ask, answers: readonly Answer[]): unknown {
  if (!(ask instanceof Together)) return take(ask, answers[0])
  return ask.steps.map((step, position) => take(step, answers[position]))
}

function take({take}: Step<unknown>, answer: Answer | undefined): unknown {
  if (!answer) throw new Error('the database did not answer a query')
  if (take === 'first') return answer.rows[0]
  return take === 'all' ? answer.rows : answer.count
}
