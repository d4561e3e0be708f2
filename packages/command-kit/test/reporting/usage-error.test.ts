import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {Args, Flags, Parser} from '@oclif/core'

import {usageError} from '../../src/reporting/usage-error.js'

type Input = NonNullable<Parameters<typeof Parser.parse>[1]>

/** What is said of a command line that oclif's own parser refuses. */
async function saidOf(argv: string[], input: Pick<Input, 'args' | 'flags'>): Promise<string> {
  try {
    await Parser.parse(argv, input)
  } catch (error) {
    const {code, exitCode, message, suggestions} = usageError(error as Error)
    assert.deepEqual([code, exitCode, suggestions], ['USAGE', 2, ['see `apkg help`']])
    return message
  }
  return assert.fail('it is accepted')
}

const reason = Flags.string({summary: 'Why.', options: ['lost', 'sold'], required: true})
const to = Flags.string({summary: 'The folder.', required: true})

describe('a usage error', () => {
  it('names a missing flag and the values that it may have', async () => {
    assert.equal(await saidOf([], {flags: {reason}}), 'Missing flag --reason: one of lost, sold')
    assert.equal(await saidOf([], {flags: {to}}), 'Missing flag --to: The folder')
    assert.equal(
      await saidOf([], {flags: {reason, to}}),
      'Missing flags:\n  - --reason: one of lost, sold\n  - --to: The folder',
    )
  })

  it('names missing arguments as help does, and what they are', async () => {
    const shell = Args.string({description: 'The shell.', options: ['bash', 'zsh'], required: true})
    const file = Args.string({required: true})
    assert.equal(await saidOf([], {args: {shell}}), 'Missing argument SHELL: one of bash, zsh')
    assert.equal(await saidOf(['bash'], {args: {shell, file}}), 'Missing argument FILE')
    assert.equal(await saidOf([], {args: {shell, file}}), 'Missing arguments:\n  - SHELL: one of bash, zsh\n  - FILE')
  })

  it('names flags that do not go together, and never what they were given', async () => {
    const token = Flags.boolean({exclusive: ['otp', 'kind']})
    const flags = {token, otp: Flags.string(), kind: Flags.string({default: 'user'})}
    assert.equal(await saidOf(['--otp', '123456', '--token'], {flags}), '--token and --otp contradict each other')
  })

  it('leaves what else is wrong with flags in the words of oclif, without its colors', async () => {
    const flags = {key: Flags.string({dependsOn: ['cert']}), cert: Flags.string()}
    const sentence = 'All of the following must be provided when using --key: --cert'
    assert.ok((await saidOf(['--key', 'x'], {flags})).includes(sentence))
    const colored = new Error(`The following error occurred:\n  \u001B[2m${sentence}\u001B[22m`)
    assert.equal(usageError(colored).message, `The following error occurred:\n  ${sentence}`)
  })
})
