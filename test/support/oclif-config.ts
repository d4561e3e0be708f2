import {Config} from '@oclif/core'

import {repository} from './repository.js'

/** oclif's config of the CLI, loaded once per test file. */
export const config = await Config.load(repository)
