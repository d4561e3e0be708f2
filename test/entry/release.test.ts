import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {Config} from '@oclif/core'

import {releasePlugins} from '../../src/entry/release.js'
import {repository as root} from '../support/repository.js'

describe('a release', () => {
  for (const env of [
    {},
    {XDG_DATA_HOME: '/data'},
    {APKG_DATA_DIR: '/plugins', XDG_DATA_HOME: '/data'},
    {HOME: '/elsewhere'},
    {HOME: ''},
  ]) {
    it(`release: finds the user's plugins in oclif's directory: ${JSON.stringify(env)}`, async (t) => {
      const {HOME, XDG_DATA_HOME, APKG_DATA_DIR} = process.env
      t.after(() => setEnvironment({HOME, XDG_DATA_HOME, APKG_DATA_DIR}))
      setEnvironment({HOME, XDG_DATA_HOME: undefined, APKG_DATA_DIR: undefined, ...env})
      const {pjson, dataDir} = await Config.load({root, userPlugins: false})
      const own = {pjson, hooks: {}, commands: {}}
      assert.equal(releasePlugins(root, {own, core: [], load: {}}).dataDir, dataDir)
    })
  }
})

function setEnvironment(variables: Record<string, string | undefined>): void {
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) Reflect.deleteProperty(process.env, name)
    else process.env[name] = value
  }
}
