import {config} from '../support/oclif-config.js'

import {runCommand} from '@apkg/command-kit/testing'

/** Runs a command of ours in this process: `run-command.ts <command> <home> <project> <registry> <argument>…`. */
const [command = '', home = '', cwd = '', registry = '', ...argv] = process.argv.slice(2)
const {default: commandClass} = await import(`../../src/commands/${command}.ts`)
process.stdout.write('begun\n')
const outcome = await runCommand(commandClass, argv, config, {home, cwd, env: {APKG_REGISTRY: registry}})
process.stderr.write(outcome.stderr)
process.exitCode = outcome.exitCode
