import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {Args, Flags, Parser} from '@oclif/core'

import {usageError} from '../../src/reporting/usage-error.js'

type Input = NonNullable<Parameters<typeof Parser.parse>[1]>

/** Returns the message for a command line that oclif's parser rejects. */
async function messageFor(argv: string[], input: Pick<Input, 'args' | 'flags'>): Promise<string> {
  try {
    await Parser.parse(argv, input)
  } catch (error) {
    const {code, exitCode, message} = usageError(error as Error)
    assert.deepEqual([code, exitCode], ['USAGE', 2])
    return message
  }
  return assert.fail('the parser accepted it')
}

const reason = Flags.string({summary: 'Why.', options: ['lost', 'sold'], required: true})
const to = Flags.string({summary: 'The folder.', required: true})

describe('a usage error', () => {
  it('usage error: names missing flags and their options', async () => {
    assert.equal(await messageFor([], {flags: {reason}}), 'Missing flag: --reason (one of lost, sold)')
    assert.equal(await messageFor([], {flags: {to}}), 'Missing flag: --to')
    assert.equal(
      await messageFor([], {flags: {reason, to}}),
      'Missing flags:\n  - --reason (one of lost, sold)\n  - --to',
    )
  })

  it('usage error: names missing arguments in uppercase, with their options', async () => {
    const shell = Args.string({description: 'The shell.', options: ['bash', 'zsh'], required: true})
    const file = Args.string({required: true})
    assert.equal(await messageFor([], {args: {shell}}), 'Missing argument: SHELL (one of bash, zsh)')
    assert.equal(await messageFor(['bash'], {args: {shell, file}}), 'Missing argument: FILE')
    assert.equal(
      await messageFor([], {args: {shell, file}}),
      'Missing arguments:\n  - SHELL (one of bash, zsh)\n  - FILE',
    )
  })

  it('usage error: names flags that cannot be used together, without their values', async () => {
    const token = Flags.boolean({exclusive: ['otp', 'kind']})
    const flags = {token, otp: Flags.string(), kind: Flags.string({default: 'user'})}
    const message = await messageFor(['--otp', '123456', '--token'], {flags})
    assert.equal(message, '--token and --otp cannot be used together')
  })

  it('usage error: keeps other messages of oclif, without their colors', async () => {
    const flags = {key: Flags.string({dependsOn: ['cert']}), cert: Flags.string()}
    const sentence = 'All of the following must be provided when using --key: --cert'
    assert.ok((await messageFor(['--key', 'x'], {flags})).includes(sentence))
    const colored = new Error(`The following error occurred:\n  \u001B[2m${sentence}\u001B[22m`)
    assert.equal(usageError(colored).message, `The following error occurred:\n  ${sentence}`)
  })
})
