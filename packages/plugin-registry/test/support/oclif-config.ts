import {fileURLToPath} from 'node:url'

import {Config} from '@oclif/core'

/** The registry plugin as oclif knows it, loaded once for each test file. */
export const config = await Config.load(fileURLToPath(new URL('../..', import.meta.url)))
