import {setImmediate} from 'node:timers/promises'

import {failure} from '../errors/define-failures.js'
import type {Prompts} from './ports.js'
import type {TypeAhead} from './type-ahead.js'

/** Choices that are shown at once: as many as a small terminal has lines. */
const pageSize = 12

/** Prompts with inquirer, which is loaded for the first question. */
export function inquirerPrompts(streams: Pick<NodeJS.Process, 'stdin' | 'stderr'>): Prompts {
  let typeAhead: TypeAhead | undefined
  const ask = async <Answer>(question: object): Promise<Answer> => {
    const {default: inquirer} = await import('inquirer')
    const input = typeAhead?.input ?? streams.stdin
    const prompt = inquirer.createPromptModule({input, output: streams.stderr})
    if ('isMultiple' in question) {
      const {filteredList} = await import('./filtered-list.js')
      prompt.registerPrompt('filtered-list', filteredList as never)
    }
    const start = () => unlessAbandoned(prompt([{name: 'answer', ...question}] as never) as Promise<unknown>)
    const answers = await (typeAhead ? typeAhead.during(start) : start())
    return (answers as {answer: Answer}).answer
  }
  return {
    text: (question) => ask<string>({type: 'input', ...question}),
    password: (question) => ask<string>({type: 'password', mask: '*', ...question}),
    choose: (question) => ask(listOf(question, true) ?? {type: 'checkbox', pageSize, ...question}),
    select: (question) => ask(listOf(question, false) ?? {type: 'select', pageSize, ...question}),
    confirm: (question) => ask<boolean>({type: 'confirm', ...question}),
    async withoutEcho(work) {
      if (typeAhead !== undefined || !streams.stdin.isTTY) return work()
      const {takeTypeAhead} = await import('./type-ahead.js')
      // A prompt before it may still be turning echo on again.
      await setImmediate()
      typeAhead = takeTypeAhead(streams.stdin)
      try {
        return await work()
      } finally {
        typeAhead.end()
        typeAhead = undefined
      }
    },
  }
}

/** A list that can be filtered, if there are more choices than fit on a page. */
function listOf<Question extends {choices: readonly object[]}>(question: Question, isMultiple: boolean) {
  if (question.choices.length <= pageSize) return undefined
  return {type: 'filtered-list', pageSize, isMultiple, ...question}
}

/** Detects Ctrl-D, which closes a prompt without an answer. Otherwise Node would exit with 0, as nothing is left to do. */
async function unlessAbandoned<Answer>(answer: Promise<Answer>): Promise<Answer> {
  let onIdle: () => void = () => undefined
  const abandoned = new Promise<never>((_, reject) => {
    onIdle = () => {
      reject(failure('INTERRUPTED'))
    }
    process.once('beforeExit', onIdle)
  })
  try {
    return await Promise.race([answer, abandoned])
  } finally {
    process.off('beforeExit', onIdle)
  }
}
