/** Runs `registry serve` in a process that tests can end: `serve-process.js <flags>`. */

import RegistryServe from '../../src/commands/registry/serve.js'
import {config} from './oclif-config.js'

await RegistryServe.run(process.argv.slice(2), config)
