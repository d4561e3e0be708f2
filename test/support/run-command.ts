import assert from 'node:assert/strict'

import {runCommand as run} from '@apkg/command-kit/testing'

import {idsByClass} from './command-ids.js'
import {assertDocumented} from './json-output.js'

export type {Outcome, World} from '@apkg/command-kit/testing'

/** Runs one of our commands as the kit's harness does, and fails where its `--json` is not what its schema says. */
export const runCommand: typeof run = async (command, argv, config, world) => {
  const outcome = await run(command, argv, config, world)
  const id = idsByClass.get(command.name)
  assert(id !== undefined, `${command.name} is none of our commands`)
  if (argv.includes('--json') && world.stdoutFails === undefined) assertDocumented(id, outcome.stdout)
  return outcome
}
