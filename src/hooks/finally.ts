import type {Hook} from '@oclif/core'

import {askPlugins} from '../entry/plugins/ask-plugins.js'

/** Runs the plugins' `finally` hooks. Unlike in oclif, they can't delay the exit or change its outcome. */
const atTheEnd: Hook.Finally = async function ({id, argv, Command, error, config}) {
  if (id !== 'complete') await askPlugins(config, 'finally', {id, argv, Command, error})
}

export default atTheEnd
