import assert from 'node:assert/strict'
import {mkdtemp, rm} from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import type {TestContext} from 'node:test'

import type {ErrorReport, FailureOutput} from '@apkg/command-kit'

import type {HostileRegistry, Routes} from '../support/hostile-registry.js'
import {config} from '../support/oclif-config.js'
import {runCommand, type Outcome, type World} from '../support/run-command.js'

export const secret = 'apkg_s3cr3t0123456789'
export type Command = Parameters<typeof runCommand>[0]

export interface Failure {
  code: string
  exit: number
  message: string
  suggestions: string[]
}

/** A machine with only `APKG_TOKEN` and this registry. */
export async function worldOf(t: TestContext, url: string, more: Partial<World> = {}): Promise<World> {
  const home = await mkdtemp(path.join(os.tmpdir(), 'apkg-home-'))
  t.after(() => rm(home, {recursive: true, force: true}))
  const env = {APKG_TOKEN: secret, APKG_REGISTRY: url, ...more.env}
  return {now: new Date(2027, 0, 31, 12), ...more, home, env}
}

/** Replaces the registry's address, and asserts that the secret does not occur. */
export function scrubbed(outcome: Outcome, url: string): Outcome {
  const {stdout, stderr} = outcome
  assert.ok(!`${stdout}${stderr}`.includes(secret), 'the credential is shown')
  const scrub = (text: string) => text.replaceAll(url, 'REGISTRY').replaceAll(/\bAPKG_TOKEN__[A-Z\d_]+/g, 'VARIABLE')
  return {...outcome, stdout: scrub(stdout), stderr: scrub(stderr)}
}

/**
 * Runs a command in text and with `--json`, and asserts that both fail with exactly this output. Returns the requests of
 * each run.
 */
export async function assertFails(
  t: TestContext,
  registry: HostileRegistry | string,
  [command, ...argv]: [Command, ...string[]],
  routes: Routes,
  {code, exit, message, suggestions}: Failure,
  {notes = '', ...more}: Partial<World> & {notes?: string} = {},
): Promise<HostileRegistry['arrivals'][]> {
  const url = typeof registry === 'string' ? registry : registry.url
  const world = await worldOf(t, url, more)
  const arrivals = []
  for (const format of ['text', 'json']) {
    if (typeof registry !== 'string') registry.answer(routes)
    const flags = format === 'json' ? ['--json'] : []
    const {stdout, stderr, exitCode} = scrubbed(await runCommand(command, [...argv, ...flags], config, world), url)
    const lines = [`Error: ${message}\n`, ...suggestions.map((each) => `  hint: ${each}\n`)].join('')
    const report = `${JSON.stringify({error: {code, message, suggestions, ...ofRefusal(stdout)}}, null, 2)}\n`
    assert.deepEqual(
      {stdout, stderr, exitCode},
      format === 'json' && more.stdoutFails === undefined
        ? {stdout: report, stderr: notes, exitCode: exit}
        : {stdout: '', stderr: notes + lines, exitCode: exit},
      format,
    )
    if (typeof registry !== 'string') arrivals.push(registry.arrivals)
  }
  return arrivals
}

export const list = 'GET /auth/tokens'
export const create = 'POST /auth/tokens'

/** Long enough for an immediate answer, even on a busy machine. */
export const impatient = {APKG_TIMEOUT_SECS: '2'}

export const retry = ['try again later']
export const checkAddress = [
  'check that REGISTRY is the URL of an apkg registry, or choose another one with --registry',
]

export const checkAccount = ['run `apkg whoami --registry REGISTRY` to see your account and permissions']
export const checkArguments = ['check the arguments, and that REGISTRY is the registry you meant']
export const giveMoved = ['if the registry has moved and you trust the new URL, pass it with --registry']
export const retryLater = ['try again later, or raise the timeout with APKG_TIMEOUT_SECS']

/** Adds the credential to the first line of a reason. */
export const by = (reason: string) => reason.replace(/^.*/, '$& (credential: APKG_TOKEN)')

export const token = {
  id: '7k3f9q2m',
  name: 'ci',
  scopes: ['read', 'publish'],
  expiresIn: 'never',
  expiresAt: '9999-12-31T00:00:00.000Z',
  createdAt: '2027-01-30T10:00:00.000Z',
}

export const tokenLine =
  '\tci\t7k3f9q2m\t-\tread,publish\t*\t2027-01-30T10:00:00.000Z\tnever\tnever\tactive\t-\t-\t-\t-\t-\n'.slice(1)

export function assertReport(outcome: Outcome, asJson: boolean, {code, message, suggestions}: Failure): void {
  const lines = [`Error: ${message}\n`, ...suggestions.map((each) => `  hint: ${each}\n`)].join('')
  const {stdout, stderr} = outcome
  if (asJson)
    assert.deepEqual([JSON.parse(stdout), stderr], [{error: {code, message, suggestions, ...ofRefusal(stdout)}}, ''])
  else assert.deepEqual([stdout, stderr], ['', lines])
}

/** What `--json` adds for a refused request. The tests of `reportError` cover these fields. */
function ofRefusal(stdout: string): Pick<ErrorReport, 'reason' | 'status' | 'requestId'> {
  const {error} = (stdout.startsWith('{') ? JSON.parse(stdout) : {}) as Partial<FailureOutput>
  const fields = ['reason', 'status', 'requestId'] as const
  return Object.fromEntries(fields.flatMap((field) => (error?.[field] === undefined ? [] : [[field, error[field]]])))
}
