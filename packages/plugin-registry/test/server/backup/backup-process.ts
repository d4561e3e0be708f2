/** Runs `registry backup` as a process of its own, for tests that kill it: `backup-process.ts <folder> <flags>`. */
import {fileURLToPath} from 'node:url'

import {Config} from '@oclif/core'

import RegistryBackup from '../../../src/commands/registry/backup.js'

const config = await Config.load({root: fileURLToPath(new URL('../../..', import.meta.url)), ignoreManifest: true})
await RegistryBackup.run(process.argv.slice(2), config)
