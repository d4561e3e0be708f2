import {Config} from '@oclif/core'

import {repository} from './repository.js'

/** The CLI as oclif knows it, loaded once for each test file. */
export const config = await Config.load(repository)
