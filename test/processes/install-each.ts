/**
 * Adds packages to a project, one after the other in one process, and prints for each the code of its failure and the
 * peak of this process's memory so far, in MiB.
 */

import Add from '../../src/commands/add.js'
import {peakMemory} from '../support/peak-memory.mjs'
import {config} from '../support/oclif-config.js'
import {runCommand} from '../support/run-command.js'

const [registry = '', home = '', cwd = '', ...names] = process.argv.slice(2)

for (const name of names) {
  const {stdout} = await runCommand(Add, [name, '--json'], config, {home, cwd, env: {APKG_REGISTRY: registry}})
  const {error} = JSON.parse(stdout) as {error?: {code: string}}
  console.log(JSON.stringify({code: error?.code ?? 'none', memory: peakMemory()}))
}
