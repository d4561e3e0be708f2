/** Runs `registry serve` as a process of its own, for tests that end it: `serve-process.js <flags>`. */

import RegistryServe from '../../src/commands/registry/serve.js'
import {config} from './oclif-config.js'

await RegistryServe.run(process.argv.slice(2), config)
