/** Runs `registry serve` as a process of its own, for tests that end it: `serve-process.ts <flags>`. */
import {fileURLToPath} from 'node:url'

import {Config} from '@oclif/core'

import RegistryServe from '../../src/commands/registry/serve.js'

const config = await Config.load({root: fileURLToPath(new URL('../..', import.meta.url)), ignoreManifest: true})
await RegistryServe.run(process.argv.slice(2), config)
