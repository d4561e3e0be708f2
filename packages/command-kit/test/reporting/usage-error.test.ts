import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {Args, Errors, Flags, Parser} from '@oclif/core'

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
    assert.equal(await messageFor([], {args: {shell}}), 'Missing argument: <shell> (one of bash, zsh)')
    assert.equal(await messageFor(['bash'], {args: {shell, file}}), 'Missing argument: <file>')
    assert.equal(
      await messageFor([], {args: {shell, file}}),
      'Missing arguments:\n  - <shell> (one of bash, zsh)\n  - <file>',
    )
  })

  it('usage error: names flags that cannot be used together, without their values', async () => {
    const token = Flags.boolean({exclusive: ['otp', 'kind']})
    const flags = {token, otp: Flags.string(), kind: Flags.string({default: 'user'})}
    const message = await messageFor(['--otp', '123456', '--token'], {flags})
    assert.equal(message, '--otp and --token cannot be used together')
  })

  it('usage error: two flags that exclude each other are named once', async () => {
    const flags = {out: Flags.string({exclusive: ['force']}), force: Flags.boolean({exclusive: ['out']})}
    assert.equal(await messageFor(['--force', '--out', 'x'], {flags}), '--force and --out cannot be used together')
  })

  it('usage error: describes every relation between flags, without their values', async () => {
    const cert = Flags.string()
    const other = Flags.string()
    const relation = (type: 'all' | 'none' | 'only' | 'some') =>
      Flags.string({relationships: [{type, flags: ['cert', 'other']}]})
    for (const [key, argv, message] of [
      [Flags.string({dependsOn: ['cert', 'other']}), ['--key=s3'], '--key requires --cert, --other'],
      [relation('all'), ['--key=s3'], '--key requires --cert, --other'],
      [relation('some'), ['--key=s3'], '--key requires one of --cert, --other'],
      [relation('none'), ['--key=s3', '--cert=s\n3'], '--cert and --key cannot be used together'],
      [relation('only'), ['--key=s3', '--more'], '--key can only be used with --cert, --other'],
      [Flags.string({combinable: ['cert']}), ['--key=s3', '--more'], '--key can only be used with --cert'],
      [Flags.string({exactlyOne: ['key', 'cert']}), [], 'Exactly one of --cert, --key is required'],
      [Flags.string({exactlyOne: ['cert']}), ['--key=s3', '--cert=s3'], '--cert and --key cannot be used together'],
      [Flags.string({atLeastOne: ['key', 'cert']}), [], 'At least one of --cert, --key is required'],
    ] as const) {
      assert.equal(await messageFor([...argv], {flags: {key, cert, other, more: Flags.boolean()}}), message)
    }
  })

  it('usage error: describes invalid values', async () => {
    const flags = {
      count: Flags.integer({min: 1, max: 9}),
      kind: Flags.string({options: ['user', 'org']}),
      url: Flags.url(),
      stdin: Flags.string({allowStdin: 'only'}),
    }
    for (const [argv, message] of [
      [['--count', 'many'], '--count: `many` is not a whole number'],
      [['--count', '0'], '--count must be at least 1'],
      [['--count', '10'], '--count must be at most 9'],
      [['--count'], '--count requires a value'],
      [['--count', '1', '--count', '2'], '--count can be used only once'],
      [['--kind', 'team'], '--kind: `team` is not one of user, org'],
      [['--kind'], '--kind requires a value: one of user, org'],
      [['--url', 'x'], '--url: `x` is not a URL'],
      [['--stdin', 'x'], '--stdin reads its value from standard input, so it takes no other'],
    ] as const) {
      assert.equal(await messageFor([...argv], {flags}), message)
    }
    const args = {shell: Args.string({options: ['bash', 'zsh']}), count: Args.integer({min: 1})}
    assert.equal(await messageFor(['fish'], {args}), '`fish` is not one of bash, zsh')
    assert.equal(await messageFor(['bash', '0'], {args}), '0 must be at least 1')
  })

  it('usage error: names the flag in front of the message of its validation, unless the message does', async () => {
    const rejecting = (message: string) => Flags.string({parse: () => Promise.reject(new Errors.CLIError(message))})
    for (const [message, shown] of [
      ['it is too long', '--note: it is too long'],
      ['--note is too long', '--note is too long'],
      ['too long (from `--note`)', 'too long (from `--note`)'],
      ['--notes is too long', '--note: --notes is too long'],
    ] as const) {
      assert.equal(await messageFor(['--note', 'x'], {flags: {note: rejecting(message)}}), shown)
    }
  })

  it('usage error: keeps the reasons of other constraints, without their title and colors', () => {
    const colored = new Error(
      'The following errors occurred:\n  \u001B[2mno key\n  no lock\u001B[22m\nSee more help with --help',
    )
    assert.equal(usageError(colored).message, 'no key; no lock')
  })
})
