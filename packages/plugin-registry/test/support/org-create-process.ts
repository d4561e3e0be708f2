/** Runs `registry org create` in a separate process: `org-create-process.js <arguments>`. */

import RegistryOrgCreate from '../../src/commands/registry/org/create.js'
import {config} from './oclif-config.js'

await RegistryOrgCreate.run(process.argv.slice(2), config)
