import {failure} from '../errors/define-failures.js'
import type {Prompts} from './ports.js'

/** Prompts with inquirer, which is loaded for the first question. */
export function inquirerPrompts(streams: Pick<NodeJS.Process, 'stdin' | 'stderr'>): Prompts {
  const ask = async <Answer>(question: object): Promise<Answer> => {
    const {default: inquirer} = await import('inquirer')
    const prompt = inquirer.createPromptModule({input: streams.stdin, output: streams.stderr})
    const answers: unknown = await unlessAbandoned(prompt([{name: 'answer', ...question}] as never))
    return (answers as {answer: Answer}).answer
  }
  return {
    text: (question) => ask<string>({type: 'input', ...question}),
    password: (question) => ask<string>({type: 'password', mask: '*', ...question}),
    choose: (question) => ask({type: 'checkbox', ...question}),
    select: (question) => ask({type: 'select', ...question}),
    confirm: (question) => ask<boolean>({type: 'confirm', ...question}),
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
