import assert from 'node:assert/strict'
import path from 'node:path'
import {describe, it} from 'node:test'

import {reportError, type ErrorReport} from '@apkg/command-kit'
import {Config, Parser} from '@oclif/core'

import {commandIds} from '../support/command-ids.js'
import {repository} from '../support/repository.js'

/** What the test reads of a flag. The types of oclif leave out some of it. */
interface Flag {
  type: 'boolean' | 'option'
  multiple?: boolean
  options?: readonly string[]
  required?: boolean
  dependsOn?: readonly FlagName[]
  exclusive?: readonly FlagName[]
  exactlyOne?: unknown
  atLeastOne?: unknown
  combinable?: unknown
  relationships?: unknown
}

type FlagName = string | {name: string}
type Flags = Record<string, Flag>

interface Definitions {
  flags: Flags
  args: Record<string, {required?: boolean; default?: unknown; options?: readonly string[]}>
}

const definitions = new Map<string, Definitions>()
for (const root of [repository, path.join(repository, 'packages/plugin-registry')]) {
  const config = await Config.load({root, ignoreManifest: true})
  for (const command of config.commands) {
    const {flags, baseFlags, args} = await command.load()
    definitions.set(command.id, {flags: {...baseFlags, ...flags}, args})
  }
}

/** What oclif writes, or puts around the message of a flag's own validation. */
const textOfOclif =
  /The following error|must be provided|cannot also|Parsing --|See more help|Expected (?:--|an? |.* to be one of)|but received|Flag --|Nonexistent|required arg|\t|\u001B/

/** Values that the validation of a flag accepts, for flags that don't accept `1`. */
const validValues: Readonly<Record<string, string | undefined>> = {
  otp: '123456',
  github: 'acme/tool',
  gitlab: 'acme/tool',
  workflow: 'publish.yml',
  webhook: 'https://hooks.example.com/apkg',
  database: 'postgres://apkg@127.0.0.1/apkg',
  'to-database': 'postgres://apkg@127.0.0.1/apkg',
  'to-blobs': 's3://bucket/prefix',
  expiring: '14d',
}

const oddValues = [
  '',
  ' ',
  'x',
  '-1',
  '0',
  '1e3',
  'no such value',
  '9'.repeat(25),
  'a'.repeat(5000),
  'a\nb',
  '\u0007',
  'http://ada:secret@example.com',
  'ftp://example.com',
  '@a@b',
  '@a/b@c',
  '300.1.1.1/99',
  '--json',
]

/** The report of what a command line that the parser rejects throws; undefined if it accepts it. */
async function rejection(
  argv: readonly string[],
  {flags, args}: Partial<Definitions>,
): Promise<ErrorReport | undefined> {
  try {
    await Parser.parse([...argv], {flags, args} as Parameters<typeof Parser.parse>[1] & object)
  } catch (error) {
    let text = ''
    const output = {
      ...{isTerminal: false, hasColors: false, columns: 80, discards: false, isFile: false},
      write: (more: string) => Promise.resolve(void (text += more)),
    }
    const {exitCode} = await reportError(error, {stdout: output, stderr: output}, {json: true, command: 'x'})
    const report = (JSON.parse(text) as {error: ErrorReport}).error
    assert.equal(exitCode, 2, report.message)
    assert.doesNotMatch([report.message, ...report.suggestions].join('\n'), textOfOclif)
    assert.ok(report.suggestions.length > 0, `no hint: ${report.message}`)
    return report
  }
  return undefined
}

async function messageFor(argv: readonly string[], defined: Partial<Definitions>): Promise<string> {
  const {message} = (await rejection(argv, defined)) ?? assert.fail(`accepted: ${argv.join(' ')}`)
  return message
}

function given(name: string, {type, options}: Flag): string[] {
  return type === 'boolean' ? [`--${name}`] : [`--${name}=${options?.[0] ?? validValues[name] ?? '1'}`]
}

function namesOf(flags: readonly FlagName[]): string[] {
  return flags.map((each) => (typeof each === 'string' ? each : each.name))
}

/** Combinations of flags that the parser rejects, with its message. */
function* rejectedCombinations(flags: Flags): Generator<[argv: string[], message: string]> {
  for (const [name, flag] of Object.entries(flags)) {
    const own = given(name, flag)
    const {dependsOn = [], exclusive = [], exactlyOne, atLeastOne, combinable, relationships} = flag
    const others = [exactlyOne, atLeastOne, combinable, relationships].filter((each) => each !== undefined)
    assert.deepEqual(others, [], `this test has no case for what --${name} requires`)
    if (dependsOn.length > 0) yield [own, `--${name} requires --${namesOf(dependsOn).join(', --')}`]
    for (const other of namesOf(exclusive)) {
      const [one = '', two = ''] = [`--${name}`, `--${other}`].sort()
      // Commands share flags, and not every one has the other.
      const otherFlag = flags[other]
      if (otherFlag) yield [[...own, ...given(other, otherFlag)], `${one} and ${two} cannot be used together`]
    }
  }
}

/** Command lines with an unknown flag, and with flags that are repeated or have no value, with the parser's message. */
function* incompleteFlags(flags: Flags): Generator<[argv: string[], message: string]> {
  yield [['--no-such-flag=x'], 'Unknown flag: --no-such-flag']
  for (const [name, {type, multiple, options}] of Object.entries(flags)) {
    if (type !== 'option') continue
    yield [[`--${name}`], `--${name} requires a value${options ? `: one of ${options.join(', ')}` : ''}`]
    if (!multiple) yield [[`--${name}=1`, `--${name}=1`], `--${name} can be used only once`]
  }
}

function optional(flags: Flags): Flags {
  return Object.fromEntries(Object.entries(flags).map(([name, flag]) => [name, {...flag, required: false}]))
}

function timesIn(text: string, flag: string): number {
  return text.split(/[^\w-]/).filter((word) => word === flag).length
}

describe('usage errors', () => {
  it('usage errors: the test covers every command', () => {
    assert.deepEqual(
      commandIds.filter((id) => !definitions.has(id)),
      [],
    )
  })

  it("usage errors: flags that exclude or require each other are reported in apkg's own words", async () => {
    for (const [id, {flags}] of definitions) {
      for (const [argv, message] of rejectedCombinations(optional(flags))) {
        assert.deepEqual([id, await messageFor(argv, {flags: optional(flags)})], [id, message])
      }
    }
  })

  it("usage errors: flags that are missing, unknown, repeated or without a value are reported in apkg's own words", async () => {
    for (const [id, {flags}] of definitions) {
      for (const [argv, message] of incompleteFlags(flags)) {
        assert.deepEqual([id, await messageFor(argv, {flags: optional(flags)})], [id, message])
      }
      const required = Object.keys(flags).filter((name) => flags[name]?.required)
      if (required.length > 0) assert.match(await messageFor([], {flags}), new RegExp(`--${required.join('[^]*--')}`))
    }
  })

  it('usage errors: the message about a value names its flag once', async () => {
    let count = 0
    for (const [id, {flags}] of definitions) {
      for (const [name, flag] of Object.entries(optional(flags))) {
        if (flag.type !== 'option') continue
        for (const value of oddValues) {
          const report = await rejection([`--${name}=${value}`], {flags: {[name]: flag}})
          if (flag.options) assert.ok(report, `${id} --${name}=${value}`)
          if (report) assert.equal(timesIn(report.message, `--${name}`), 1, `${id}: ${report.message}`)
          if (report) count++
        }
      }
    }
    assert.ok(count > 500, `only ${count} values were rejected`)
  })

  it("usage errors: missing, invalid and unexpected arguments are reported in apkg's own words", async () => {
    for (const [id, {args}] of definitions) {
      const all = Object.entries(args)
      const isMissing = all.some(([, arg]) => arg.required && arg.default === undefined)
      if (isMissing) assert.match(await messageFor([], {args}), /^Missing arguments?:/, id)
      for (const [name, arg] of all) {
        for (const value of oddValues.filter((each) => !each.startsWith('-'))) {
          const report = await rejection([value], {args: {[name]: arg}})
          if (arg.options) assert.match(report?.message ?? '', /^`[^]*` is not one of /, id)
        }
      }
    }
    assert.equal(await messageFor(['surplus'], {}), 'Unexpected argument: surplus')
  })
})
