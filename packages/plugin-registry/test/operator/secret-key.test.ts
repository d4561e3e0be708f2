import assert from 'node:assert/strict'
import {randomBytes} from 'node:crypto'
import {writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'node:test'

import {isApkgError} from '@apkg/command-kit'

import {readSecretKey} from '../../src/operator/secret-key.js'
import {temporaryFolder} from '../support/world.js'

const key = randomBytes(32)

describe('the secret key of a registry on PostgreSQL', () => {
  it('secret key: 32 bytes or their base64, from a file or the variable', (t) => {
    const file = path.join(temporaryFolder(t), 'key')
    for (const content of [key, `${key.toString('base64')}\n`]) {
      writeFileSync(file, content, {mode: 0o600})
      assert.deepEqual(Buffer.from(readSecretKey(file, {env: {}})), key)
    }
    assert.deepEqual(readSecretKey(undefined, {env: {APKG_REGISTRY_SECRET_KEY: key.toString('base64')}}), key)
  })

  it('secret key: is never generated, and an invalid one is refused', (t) => {
    const file = path.join(temporaryFolder(t), 'key')
    const hasCode = (code: string) => (error: unknown) => isApkgError(error) && error.code === code
    assert.throws(() => readSecretKey(undefined, {env: {}}), hasCode('USAGE'))
    assert.throws(() => readSecretKey(file, {env: {}}), hasCode('REGISTRY_SECRET_KEY_UNUSABLE'))
    for (const content of ['', key.subarray(1), key.subarray(1).toString('base64'), `${key.toString('base64')} x`]) {
      writeFileSync(file, content, {mode: 0o600})
      assert.throws(() => readSecretKey(file, {env: {}}), hasCode('REGISTRY_SECRET_KEY_UNUSABLE'))
    }
    if (process.platform === 'win32') return
    const open = path.join(temporaryFolder(t), 'key')
    writeFileSync(open, key, {mode: 0o644})
    assert.throws(() => readSecretKey(open, {env: {}}), hasCode('REGISTRY_SECRET_KEY_UNUSABLE'))
  })
})
