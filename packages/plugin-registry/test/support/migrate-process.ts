/** Runs `registry migrate` in a process of its own: `migrate-process.js <flags>`. */

import RegistryMigrate from '../../src/commands/registry/migrate.js'
import {config} from './oclif-config.js'

await RegistryMigrate.run(process.argv.slice(2), config)
