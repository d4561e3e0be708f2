/** Runs `registry backup` in a process that tests can kill: `backup-process.js <folder> <flags>`. */

import RegistryBackup from '../../../src/commands/registry/backup.js'
import {config} from '../../support/oclif-config.js'

await RegistryBackup.run(process.argv.slice(2), config)
