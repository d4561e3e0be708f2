import type {Hook} from '@oclif/core'

import {askPlugins} from '../entry/plugins/ask-plugins.js'

/** Asks plugins when all is over, as oclif would: but none of them can hold the end up, or change how it ends. */
const atTheEnd: Hook.Finally = async function ({id, argv, Command, error, config}) {
  if (id !== 'complete') await askPlugins(config, 'finally', {id, argv, Command, error})
}

export default atTheEnd
