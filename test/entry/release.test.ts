import assert from 'node:assert/strict'
import {spawnSync} from 'node:child_process'
import {existsSync} from 'node:fs'
import {describe, it} from 'node:test'

import {Config} from '@oclif/core'

import {releasePlugins} from '../../src/entry/release.js'
import {inRepository, repository as root} from '../support/repository.js'

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

  it(
    'release: a command ends even if its cache directory cannot be created',
    {skip: existsSync('/proc/self') ? false : '/proc does not exist'},
    () => {
      const release = inRepository('test-dist/generated/release/bin/run.js')
      for (const env of [{HOME: '/proc'}, {HOME: '/', XDG_CACHE_HOME: '/proc/nowhere/cache'}]) {
        const {status, signal} = spawnSync(process.execPath, [release, '--version'], {
          env,
          stdio: 'ignore',
          timeout: 20_000,
        })
        assert.deepEqual({status, signal}, {status: 0, signal: null}, JSON.stringify(env))
      }
    },
  )
})

function setEnvironment(variables: Record<string, string | undefined>): void {
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) Reflect.deleteProperty(process.env, name)
    else process.env[name] = value
  }
}
