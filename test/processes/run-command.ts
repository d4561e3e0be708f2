import {config} from '../support/oclif-config.js'
import {inRepository} from '../support/repository.js'
import {runCommand} from '../support/run-command.js'

/** Runs one of apkg's own commands in this process: `run-command.js <command> <home> <project> <registry> <argument>…`. */
const [command = '', home = '', cwd = '', registry = '', ...argv] = process.argv.slice(2)
const {default: commandClass} = await import(inRepository(`dist/commands/${command}.js`))
process.stdout.write('begun\n')
const outcome = await runCommand(commandClass, argv, config, {home, cwd, env: {APKG_REGISTRY: registry}})
process.stderr.write(outcome.stderr)
process.exitCode = outcome.exitCode
