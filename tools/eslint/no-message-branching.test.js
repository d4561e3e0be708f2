import rule from './no-message-branching.js'
import {testRule} from './rule-tester.js'

const file = 'src/a.ts'

testRule('no-message-branching', rule, {
  valid: [
    [file, `if (error.code === 'ENOENT') throw error`],
    [file, `print(error.message); const text = error.message + hint`],
    [file, `if (text.includes('a')) print(problem.message)`],
    [file, `new Failure(error.message, {cause: error})`],
  ],
  invalid: [
    [file, `if (error.message.includes('a')) retry()`, 'branch'],
    [file, `error.message.startsWith('a')`, 'branch'],
    [file, `error?.message.match(/a/)`, 'branch'],
    [file, `(error as Error).message.endsWith('a')`, 'branch'],
    [file, `/a/.test(error.message)`, 'branch'],
    [file, `/a/.exec((error as Error).message)`, 'branch'],
    [file, `if (error.message === 'a') retry()`, 'branch'],
    [file, `if ('a' !== error.message) retry()`, 'branch'],
    [file, `switch (error.message) { case 'a': retry() }`, 'branch'],
  ],
})
