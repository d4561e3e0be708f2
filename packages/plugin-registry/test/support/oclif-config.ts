import {fileURLToPath} from 'node:url'

import {Config} from '@oclif/core'

/** oclif's config of the registry plugin, loaded once per test file. */
export const config = await Config.load(fileURLToPath(new URL('../..', import.meta.url)))
