import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {RegistryRefusal} from '../../src/client/registry-refusal.js'
import {ApkgError, hasCode, isApkgError, type FailureOutput} from '../../src/errors/apkg-error.js'
import {failure} from '../../src/errors/define-failures.js'
import {exitCodes} from '../../src/errors/exit-codes.js'
import {isReported, reportError} from '../../src/reporting/report.js'
import type {Output} from '../../src/terminal/screen.js'

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
    isFile: false,
    write(text) {
      if (failing) return Promise.reject(Object.assign(new Error('write'), {code: failing}))
      this.text += text
      return Promise.resolve()
    },
  }
}

/** Reports an error as text and as JSON, and asserts that both have the same exit code. */
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

describe('reportError', () => {
  it('reportError: prints the same message, suggestions and exit code as text and as JSON', async () => {
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

  it('reportError: recognizes failures by their shape, whichever copy of the kit threw them', () => {
    const otherCopy = Object.assign(new Error('x'), {name: 'ApkgError', code: 'OFFLINE', exitCode: 5, suggestions: []})
    assert.equal(isApkgError(otherCopy), true)
    assert.equal(hasCode(otherCopy, 'OFFLINE'), true)
    assert.equal(hasCode(otherCopy, 'TIMED_OUT'), false)
    assert.equal(isApkgError(Object.assign(new Error('x'), {exitCode: 5, suggestions: []})), false)
    assert.equal(isApkgError({name: 'ApkgError', exitCode: 5, suggestions: []}), false)
  })

  it('reportError: marks the error as reported', async () => {
    const error = failure('SOURCES_UNSELECTED')
    assert.equal(isReported(error), false)
    assert.equal(isReported(await reportError(error, {stdout: recorder(), stderr: recorder()}, {json: false})), true)
    assert.equal(isReported(undefined), false)
  })

  it("reportError: adds the registry's code, the status and the request ID of a refused request", async () => {
    const facts = {status: 409, code: 'LABEL_TAKEN', details: [], retryAfter: undefined, requestId: 'r-1'}
    const cause = new RegistryRefusal({...facts, message: 'Another token is called `ci`.'})
    const refused = {purpose: 'create a token', registry: 'https://r.example', reason: cause.reason, source: undefined}
    const error = failure('REFUSED', refused, {cause})
    for (const thrown of [error, new ApkgError('WRAPPED', {exit: 3, message: 'no'}, {cause: error})]) {
      const {json} = await report(thrown)
      const {reason, status, requestId} = (json as FailureOutput).error
      assert.deepEqual({reason, status, requestId}, {reason: 'LABEL_TAKEN', status: 409, requestId: 'r-1'})
    }
  })

  it('reportError: omits what the refusal lacks', async () => {
    const facts = {status: 404, code: undefined, details: [], retryAfter: undefined, requestId: undefined}
    const cause = new RegistryRefusal({...facts, message: 'no'})
    const {json} = await report(new ApkgError('ODD', {exit: 1, message: 'no'}, {cause}))
    assert.deepEqual(json, {error: {code: 'ODD', message: 'no', suggestions: [], status: 404}})
  })

  it('reportError: prints nothing of the cause', async () => {
    const cause = Object.assign(new Error('apkg_s3cr3tvalue'), {headers: {authorization: 'Bearer apkg_s3cr3tvalue'}})
    const shown = await report(failure('TOKEN_UNSENDABLE', {source: 'APKG_TOKEN', kind: 'quoted'}, {cause}))
    assert.equal(shown.exit, 4)
    assert.ok(!JSON.stringify(shown).includes('s3cr3t'))
  })

  it('reportError: escapes control characters, keeps line breaks and redacts token values', async () => {
    const message = 'a\u001B[2Jb\n  - c apkg_s3cr3tvalue, eyJhbGciOiJI.eyJzdWIi.c2ln'
    const suggestions = ['run `x apkgt_s3cr3tvalue`\u0007']
    const shown = 'a\\u{1b}[2Jb\n  - c apkg_[redacted], [redacted]'
    assert.deepEqual(await report(new ApkgError('ODD', {exit: 1, message, suggestions})), {
      stderr: `Error: ${shown}\n  hint: run \`x apkgt_[redacted]\`\\u{7}\n`,
      json: {error: {code: 'ODD', message: shown, suggestions: ['run `x apkgt_[redacted]`\\u{7}']}},
      exit: 1,
    })
  })

  it('reportError: leaves paths that look like a token readable', async () => {
    const message = '/home/apkg_test/.apkg/config.json, C:\\apkg_tests\\x and apkg_s3cr3tvalue'
    const shown = '/home/apkg_test/.apkg/config.json, C:\\apkg_tests\\x and apkg_[redacted]'
    assert.deepEqual(await report(new ApkgError('ODD', {exit: 1, message})), {
      stderr: `Error: ${shown}\n`,
      json: {error: {code: 'ODD', message: shown, suggestions: []}},
      exit: 1,
    })
  })

  it('reportError: escapes control characters in JSON too', async () => {
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

  it('reportError: names the credential at the end of the first line of a refused request', () => {
    const refusal = {purpose: 'do it', registry: 'https://r.example', reason: 'Bad\n  - a: no\n  - b: no'}
    const lines = '\n  - a: no\n  - b: no'
    const source = 'APKG_TOKEN'
    const first = 'Cannot do it at https://r.example: Bad'
    assert.equal(failure('REQUEST_FAILED', {...refusal, source}).message, `${first} (credential: APKG_TOKEN)${lines}`)
    assert.equal(failure('REQUEST_FAILED', refusal).message, first + lines)
  })

  it('reportError: says where to report an unexpected error', async () => {
    assert.deepEqual(await report(new TypeError('x is not a function'), 'https://bugs.example'), {
      stderr: `Error: Unexpected error: x is not a function
  hint: run the command again with DEBUG=oclif:apkg:* to see where it failed
  hint: report it at https://bugs.example
`,
      json: {
        error: {
          code: 'UNEXPECTED',
          message: 'Unexpected error: x is not a function',
          suggestions: [
            'run the command again with DEBUG=oclif:apkg:* to see where it failed',
            'report it at https://bugs.example',
          ],
        },
      },
      exit: 1,
    })
  })

  it('reportError: reports a thrown string', async () => {
    assert.equal((await report('plain text')).stderr.split('\n')[0], 'Error: Unexpected error: plain text')
  })

  it('reportError: strips what the parser adds to the error of a flag', async () => {
    const message = 'Parsing --label \n\tThe label must not be empty\nSee more help with --help'
    assert.deepEqual(await report(Object.assign(new Error(message), {oclif: {exit: 2}})), {
      stderr: 'Error: --label: The label must not be empty\n  hint: see `apkg help`\n',
      json: {error: {code: 'USAGE', message: '--label: The label must not be empty', suggestions: ['see `apkg help`']}},
      exit: 2,
    })
  })

  it('reportError: any error of the validation of a flag is a usage error', async () => {
    const {stderr, exit} = await report(new Error('Parsing --out \n\tNo directory\nSee more help with --help'))
    assert.deepEqual([stderr.split('\n')[0], exit], ['Error: --out: No directory', 2])
  })

  it('reportError: a usage error without hints refers to the help of its command', async () => {
    const stderr = recorder()
    const command = 'token create'
    const {exitCode} = await reportError(
      failure('USAGE', {message: 'no'}),
      {stdout: recorder(), stderr},
      {json: false, command},
    )
    assert.deepEqual([stderr.text, exitCode], ['Error: no\n  hint: see `apkg help token create`\n', 2])
    const suggestions = ['pass one']
    const hinted = await report(failure('USAGE', {message: 'no', suggestions}))
    assert.equal(hinted.stderr, 'Error: no\n  hint: pass one\n')
  })

  it('reportError: keeps the exit code of an oclif error', async () => {
    const shown = await report(Object.assign(new Error('no'), {oclif: {exit: 7}}))
    assert.deepEqual(shown, {
      stderr: 'Error: no\n  hint: run the command again with DEBUG=* to see where it failed\n',
      json: {
        error: {
          code: 'FAILED',
          message: 'no',
          suggestions: ['run the command again with DEBUG=* to see where it failed'],
        },
      },
      exit: 7,
    })
  })

  for (const name of ['ExitPromptError', 'AbortPromptError']) {
    it(`reportError: ends the line and exits 130 if a prompt was canceled (${name})`, async () => {
      assert.deepEqual(await report(Object.assign(new Error('left'), {name})), {
        stderr: '\n',
        json: {error: {code: 'INTERRUPTED', message: 'Interrupted', suggestions: []}},
        exit: 130,
      })
    })
  }

  it('reportError: prints nothing and exits 0 if the reader of the pipe has gone', async () => {
    const shown = await report(Object.assign(new Error('write EPIPE'), {code: 'EPIPE'}))
    assert.equal(shown.stderr, '')
    assert.equal(shown.exit, 0)
  })

  it('reportError: prints text on stderr if stdout rejects the JSON', async () => {
    const ports = {stdout: recorder('ENOSPC'), stderr: recorder()}
    const error = await reportError(failure('SOURCES_UNSELECTED'), ports, {json: true})
    assert.match(ports.stderr.text, /^Error: Cannot select a credential source: .*\n {2}hint: run it as /)
    assert.equal(error.exitCode, 4)
  })

  it('reportError: keeps the exit code if neither stream can be written', async () => {
    const ports = {stdout: recorder('EIO'), stderr: recorder('EIO')}
    assert.equal((await reportError(failure('SOURCES_UNSELECTED'), ports, {json: true})).exitCode, 4)
    assert.equal((await reportError(failure('SOURCES_UNSELECTED'), ports, {json: false})).exitCode, 4)
  })
})

describe('exitCodes', () => {
  it('exitCodes: never change, since scripts branch on them', () => {
    assert.deepEqual(exitCodes, {
      done: 0,
      failed: 1,
      usage: 2,
      refused: 3,
      credential: 4,
      network: 5,
      partial: 6,
      matched: 7,
      unverified: 8,
      interrupted: 130,
    })
  })
})
