import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import type {TestContext} from 'node:test'

import type {ErrorReport, FailureOutput} from '@apkg/command-kit'

import Login from '../../src/commands/login.js'
import {password, startRegistry, type TestRegistry} from './registry.js'
import {config} from './oclif-config.js'
import {runCommand, type Outcome, type World} from './run-command.js'

type CommandClass = Parameters<typeof runCommand>[0]
type Run = (command: CommandClass, argv: string[], world?: Partial<World>) => Promise<Outcome>

/** Starts a registry with the user ada. `run` runs her commands in this process, with a temporary home directory. */
export async function startWorld(
  t: Pick<TestContext, 'after'>,
  options: Parameters<typeof startRegistry>[1] = {},
): Promise<{registry: TestRegistry; home: string; run: Run}> {
  const registry = await startRegistry(t, options)
  await registry.addUser('ada')
  const home = await mkdtemp(path.join(tmpdir(), 'apkg-home-'))
  t.after(() => rm(home, {recursive: true, force: true}))
  const run: Run = (command, argv, {env, ...world} = {}) =>
    runCommand(command, argv, config, {
      home,
      env: {APKG_REGISTRY: registry.url, ...env},
      now: registry.clock.now,
      ...world,
    })
  return {registry, home, run}
}

/** Like `startWorld`, with ada logged in. */
export async function startSession(t: Pick<TestContext, 'after'>): ReturnType<typeof startWorld> {
  const world = await startWorld(t)
  const {exitCode, stderr} = await world.run(Login, ['--username', 'ada', '--password-stdin'], {stdin: password})
  if (exitCode !== 0) throw new Error(stderr)
  return world
}

/** Returns the parts of an outcome that the user sees. */
export function seen({stdout, stderr, exitCode}: Outcome): {stdout: string; stderr: string; exitCode: number} {
  return {stdout, stderr, exitCode}
}

/** Returns the error that a command reported under `--json`. Throws if the command also wrote to stderr. */
export function errorOf({stdout, stderr}: Outcome): ErrorReport {
  if (stderr !== '') throw new Error(`unexpected output on stderr: ${stderr}`)
  return (JSON.parse(stdout) as FailureOutput).error
}

/** Returns the code and message of the error that a command reported under `--json`, and the exit code. */
export function failureOf(outcome: Outcome): {code: string; message: string; exitCode: number} {
  const {code, message} = errorOf(outcome)
  return {code, message, exitCode: outcome.exitCode}
}
