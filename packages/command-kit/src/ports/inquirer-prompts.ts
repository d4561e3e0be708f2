import {setImmediate} from 'node:timers/promises'
import {styleText} from 'node:util'

import {failure} from '../errors/define-failures.js'
import type {Prompts} from './ports.js'
import {wrap} from '../terminal/wrap.js'
import type {TypeAhead} from './type-ahead.js'

/** Choices that are shown at once: as many as a small terminal has lines. */
const pageSize = 12

/** Columns for the mark before a question, and for what follows it, such as `(Y/n)`. */
const besideMessage = 16

interface Question {
  message: string
  problem?: string | undefined
}

/** Prompts with inquirer, which is loaded for the first question. */
export function inquirerPrompts(streams: Pick<NodeJS.Process, 'stdin' | 'stderr' | 'env'>): Prompts {
  let typeAhead: TypeAhead | undefined
  const ask = async <Answer>({
    problem,
    ...question
  }: Question & {type: string; [option: string]: unknown}): Promise<Answer> => {
    const {default: inquirer} = await import('inquirer')
    const input = typeAhead?.input ?? streams.stdin
    const prompt = inquirer.createPromptModule({input, output: streams.stderr})
    const {message} = question
    const shown = wrapped(problem === undefined ? message : `${problem}. ${message}`, streams.stderr.columns)
    const {columns} = streams.stderr
    const asked = {name: 'answer', columns, ...question, message: shown, theme: themeOf(message)}
    if ('isMultiple' in question) {
      const {filteredList} = await import('./filtered-list.js')
      prompt.registerPrompt('filtered-list', filteredList as never)
    }
    const start = () => unlessAbandoned(prompt([asked] as never) as Promise<unknown>)
    const answers = await (typeAhead ? typeAhead.during(start) : start())
    return (answers as {answer: Answer}).answer
  }
  return {
    text: (question) => ask<string>({type: 'input', ...question}),
    password: (question) => ask<string>({type: 'password', mask: '*', ...question}),
    choose: (question) => ask({type: 'filtered-list', pageSize, isMultiple: true, ...question}),
    select: (question) => ask({type: 'filtered-list', pageSize, isMultiple: false, ...question}),
    confirm: (question) => ask<boolean>({type: 'confirm', ...question}),
    async withoutEcho(work) {
      if (typeAhead !== undefined || !streams.stdin.isTTY) return work()
      const {takeTypeAhead} = await import('./type-ahead.js')
      // The previous prompt may still be turning echo on again.
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

/** Inquirer breaks lines within words. */
function wrapped(message: string, columns: number | undefined): string {
  return wrap(message, Math.max((columns ?? 80) - besideMessage, besideMessage)).join('\n')
}

/**
 * An answered question has no check mark, because the answer can still be rejected.
 *
 * @param message what stays on the screen after the answer.
 */
function themeOf(message: string) {
  return {
    prefix: {idle: styleText('blue', '?'), done: styleText('dim', '?')},
    style: {
      message: (text: string, status: string) => styleText('bold', status === 'done' ? message : text),
    },
  }
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
