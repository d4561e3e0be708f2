import {processPorts} from '@apkg/command-kit'
import type {Hook} from '@oclif/core'

/**
 * `apkg plugins …` runs npm, and npm runs the scripts of what it installs: no token may be in the environment that they
 * inherit. oclif removes nothing by itself. Windows knows no case in names.
 */
const init: Hook.Init = function ({id}) {
  if (id !== 'plugins' && !id?.startsWith('plugins:')) return Promise.resolve()
  for (const name of Object.keys(processPorts.env)) {
    if (name.toUpperCase().startsWith('APKG_TOKEN')) Reflect.deleteProperty(processPorts.env, name)
  }
  return Promise.resolve()
}

export default init
