import assert from 'node:assert/strict'

import {runCommand as run} from '@apkg/command-kit/testing'

import {idsByClass} from './command-ids.js'
import {assertDocumented} from './json-output.js'

export type {Outcome, World} from '@apkg/command-kit/testing'

/** Like `runCommand` of the kit, but also asserts that `--json` output matches the command's schema. */
export const runCommand: typeof run = async (command, argv, config, world) => {
  const outcome = await run(command, argv, config, world)
  const id = idsByClass.get(command.name)
  assert(id !== undefined, `${command.name} is not a command of the CLI or the registry plugin`)
  if (argv.includes('--json') && world.stdoutFails === undefined) assertDocumented(id, outcome.stdout)
  return outcome
}
