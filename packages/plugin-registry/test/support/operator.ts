import assert from 'node:assert/strict'
import path from 'node:path'
import type {TestContext} from 'node:test'

import RegistryUserAdd from '../../src/commands/registry/user/add.js'
import {config} from './oclif-config.js'
import {createWorld, password, temporaryFolder} from './world.js'
import {type Outcome, runCommand, type World as CommandWorld} from '../../../../test/support/run-command.js'

const now = new Date('2026-11-23T12:00:00Z')

/** An empty home directory, and functions that run commands in it. */
export function inHome(t: TestContext) {
  const home = temporaryFolder(t)
  const folder = path.join(home, '.local', 'share', 'apkg-registry')
  const run = (command: Parameters<typeof runCommand>[0], argv: string[], world: Partial<CommandWorld> = {}) =>
    runCommand(command, argv, config, {home, now, ...world})
  const add = (name: string, world: Partial<CommandWorld> = {stdin: `${password}\n`}) =>
    run(RegistryUserAdd, [name, '--email', `${name}@example.com`, ...(world.stdin ? ['--password-stdin'] : [])], world)
  return {home, folder, run, add}
}

/** A running registry with ada and bob, and a function that runs the operator's commands. */
export async function withUsers(t: TestContext) {
  const world = await createWorld(t)
  await world.addUser('ada')
  await world.addUser('bob')
  const {accessToken: session} = await world.logIn('ada')
  const run = (command: Parameters<typeof runCommand>[0], argv: string[], rest: Partial<CommandWorld> = {}) =>
    runCommand(command, [...argv, '--data', world.folder], config, {
      home: world.folder,
      now: new Date(world.now()),
      ...rest,
    })
  return {world, run, session}
}

/** @param outcome of a command with `--json`. */
export function assertFailure(outcome: Outcome, code: string, exitCode: number): void {
  assert.equal(outcome.exitCode, exitCode)
  assert.equal(JSON.parse(outcome.stdout).error.code, code)
}
