import type {Prompts} from './ports.js'

/** Prompts by inquirer, which is loaded when the first question is asked. */
export function inquirerPrompts(input: NodeJS.ReadStream, output: NodeJS.WriteStream): Prompts {
  const ask = async <Answer>(question: object): Promise<Answer> => {
    const {default: inquirer} = await import('inquirer')
    const prompt = inquirer.createPromptModule({input, output})
    const answers: unknown = await prompt([{name: 'answer', ...question}] as never)
    return (answers as {answer: Answer}).answer
  }
  return {
    text: (question) => ask<string>({type: 'input', ...question}),
    password: (question) => ask<string>({type: 'password', mask: '*', ...question}),
    choose: (question) => ask({type: 'checkbox', ...question}),
  }
}
