import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {ApkgError, hasCode, isApkgError} from '../../src/errors/apkg-error.js'
import {failure} from '../../src/errors/define-failures.js'
import {exitCodes} from '../../src/errors/exit-codes.js'
import {isReported, reportError} from '../../src/reporting/report.js'
import type {Output} from '../../src/ports/ports.js'

interface Recorder extends Output {
  text: string
}

function recorder(failing?: string): Recorder {
  return {
    text: '',
    isTerminal: false,
    hasColors: false,
    columns: 80,
    discards: false,
    write(text) {
      if (failing) return Promise.reject(Object.assign(new Error('write'), {code: failing}))
      this.text += text
      return Promise.resolve()
    },
  }
}

/** Reports an error in both ways, and asserts that they agree. */
async function report(thrown: unknown, bugs?: string) {
  const text = {stdout: recorder(), stderr: recorder()}
  const json = {stdout: recorder(), stderr: recorder()}
  const inText = await reportError(thrown, text, {json: false, bugs})
  const inJson = await reportError(thrown, json, {json: true, bugs})
  assert.equal(inText.exitCode, inJson.exitCode)
  assert.equal(text.stdout.text, '')
  assert.equal(json.stderr.text, '')
  return {stderr: text.stderr.text, json: JSON.parse(json.stdout.text) as unknown, exit: inText.exitCode}
}

describe('a failure', () => {
  it('is told in text and in JSON with the same code, message, suggestions and exit code', async () => {
    assert.deepEqual(await report(failure('AUTH_REQUIRED', {registry: 'https://r.example'})), {
      stderr: `Error: Authentication required: no credential for https://r.example
  hint: run \`apkg login --registry https://r.example\`
  hint: set APKG_TOKEN to an API token
`,
      json: {
        error: {
          code: 'AUTH_REQUIRED',
          message: 'Authentication required: no credential for https://r.example',
          suggestions: ['run `apkg login --registry https://r.example`', 'set APKG_TOKEN to an API token'],
        },
      },
      exit: 4,
    })
  })

  it('is known by its shape, whichever copy of the kit threw it', () => {
    const foreign = Object.assign(new Error('x'), {name: 'ApkgError', code: 'OFFLINE', exitCode: 5, suggestions: []})
    assert.equal(isApkgError(foreign), true)
    assert.equal(hasCode(foreign, 'OFFLINE'), true)
    assert.equal(hasCode(foreign, 'TIMED_OUT'), false)
    assert.equal(isApkgError(Object.assign(new Error('x'), {exitCode: 5, suggestions: []})), false)
    assert.equal(isApkgError({name: 'ApkgError', exitCode: 5, suggestions: []}), false)
  })

  it('is noted as reported', async () => {
    const error = failure('SOURCES_UNSELECTED')
    assert.equal(isReported(error), false)
    assert.equal(isReported(await reportError(error, {stdout: recorder(), stderr: recorder()}, {json: false})), true)
    assert.equal(isReported(undefined), false)
  })

  it('does not carry what only its cause knows', async () => {
    const cause = Object.assign(new Error('apkg_s3cr3tvalue'), {headers: {authorization: 'Bearer apkg_s3cr3tvalue'}})
    const told = await report(failure('TOKEN_UNSENDABLE', {source: 'APKG_TOKEN'}, {cause}))
    assert.equal(told.exit, 4)
    assert.ok(!JSON.stringify(told).includes('s3cr3t'))
  })

  it('shows control characters as codes, keeps its lines, and hides token values', async () => {
    const message = 'a\u001B[2Jb\n  - c apkg_s3cr3tvalue, eyJhbGciOiJI.eyJzdWIi.c2ln'
    const suggestions = ['run `x apkgt_s3cr3tvalue`\u0007']
    const shown = 'a\\u{1b}[2Jb\n  - c apkg_[redacted], [redacted]'
    assert.deepEqual(await report(new ApkgError('ODD', {exit: 1, message, suggestions})), {
      stderr: `Error: ${shown}\n  hint: run \`x apkgt_[redacted]\`\\u{7}\n`,
      json: {error: {code: 'ODD', message: shown, suggestions: ['run `x apkgt_[redacted]`\\u{7}']}},
      exit: 1,
    })
  })

  it('keeps a path that holds what looks like a token readable', async () => {
    const message = '/home/apkg_test/.apkg/config.json, C:\\apkg_tests\\x and apkg_s3cr3tvalue'
    const shown = '/home/apkg_test/.apkg/config.json, C:\\apkg_tests\\x and apkg_[redacted]'
    assert.deepEqual(await report(new ApkgError('ODD', {exit: 1, message})), {
      stderr: `Error: ${shown}\n`,
      json: {error: {code: 'ODD', message: shown, suggestions: []}},
      exit: 1,
    })
  })

  it('is told in JSON that no terminal obeys, where its lines are escaped as JSON does', async () => {
    const stdout = recorder()
    const error = new ApkgError('ODD\u202E', {exit: 1, message: 'a\u001B\nb'})
    await reportError(error, {stdout, stderr: recorder()}, {json: true})
    assert.equal(
      stdout.text,
      `{
  "error": {
    "code": "ODD\\u202e",
    "message": "a\\\\u{1b}\\nb",
    "suggestions": []
  }
}
`,
    )
  })

  it('of a request names the credential behind its first line', () => {
    const refusal = {purpose: 'do it', registry: 'https://r.example', reason: 'Bad\n  - a: no\n  - b: no'}
    const lines = '\n  - a: no\n  - b: no'
    const source = 'APKG_TOKEN'
    const first = 'Cannot do it at https://r.example: Bad'
    assert.equal(failure('REQUEST_FAILED', {...refusal, source}).message, `${first} (credential: APKG_TOKEN)${lines}`)
    assert.equal(failure('REQUEST_FAILED', refusal).message, first + lines)
  })

  it('that nobody meant for users says where to take it', async () => {
    assert.deepEqual(await report(new TypeError('x is not a function'), 'https://bugs.example'), {
      stderr: `Error: Unexpected error: x is not a function
  hint: run it again with DEBUG=oclif:apkg:* to see where
  hint: report it at https://bugs.example
`,
      json: {
        error: {
          code: 'UNEXPECTED',
          message: 'Unexpected error: x is not a function',
          suggestions: ['run it again with DEBUG=oclif:apkg:* to see where', 'report it at https://bugs.example'],
        },
      },
      exit: 1,
    })
  })

  it('that is no error at all is told too', async () => {
    assert.equal((await report('plain text')).stderr.split('\n')[0], 'Error: Unexpected error: plain text')
  })

  it('of a flag loses what the parser puts round it', async () => {
    const message = 'Parsing --label \n\tThe label must not be empty\nSee more help with --help'
    assert.deepEqual(await report(Object.assign(new Error(message), {oclif: {exit: 2}})), {
      stderr: 'Error: --label: The label must not be empty\n  hint: see `apkg help`\n',
      json: {error: {code: 'USAGE', message: '--label: The label must not be empty', suggestions: ['see `apkg help`']}},
      exit: 2,
    })
  })

  it('of oclif with another exit code keeps it', async () => {
    const told = await report(Object.assign(new Error('no'), {oclif: {exit: 7}}))
    assert.deepEqual(told, {
      stderr: 'Error: no\n',
      json: {error: {code: 'FAILED', message: 'no', suggestions: []}},
      exit: 7,
    })
  })

  for (const name of ['ExitPromptError', 'AbortPromptError']) {
    it(`of a prompt that was left (${name}) ends the line and exits 130`, async () => {
      assert.deepEqual(await report(Object.assign(new Error('left'), {name})), {
        stderr: '\n',
        json: {error: {code: 'INTERRUPTED', message: 'Interrupted', suggestions: []}},
        exit: 130,
      })
    })
  }

  it('because the reader of a pipe has gone is none, and is not told in text', async () => {
    const told = await report(Object.assign(new Error('write EPIPE'), {code: 'EPIPE'}))
    assert.equal(told.stderr, '')
    assert.equal(told.exit, 0)
  })

  it('under --json goes to stderr where stdout takes nothing', async () => {
    const ports = {stdout: recorder('ENOSPC'), stderr: recorder()}
    const error = await reportError(failure('SOURCES_UNSELECTED'), ports, {json: true})
    assert.match(ports.stderr.text, /^Error: No credential source was selected, .*\n {2}hint: run it as /)
    assert.equal(error.exitCode, 4)
  })

  it('is still an exit code where neither stream takes anything', async () => {
    const ports = {stdout: recorder('EIO'), stderr: recorder('EIO')}
    assert.equal((await reportError(failure('SOURCES_UNSELECTED'), ports, {json: true})).exitCode, 4)
    assert.equal((await reportError(failure('SOURCES_UNSELECTED'), ports, {json: false})).exitCode, 4)
  })
})

describe('the exit codes', () => {
  it('are what scripts branch on', () => {
    assert.deepEqual(exitCodes, {
      done: 0,
      failed: 1,
      usage: 2,
      refused: 3,
      credential: 4,
      network: 5,
      partial: 6,
      unverified: 8,
      interrupted: 130,
    })
  })
})
