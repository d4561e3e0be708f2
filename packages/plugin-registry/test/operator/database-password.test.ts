import assert from 'node:assert/strict'
import {writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import {isApkgError} from '@apkg/command-kit'

import {findPassword} from '../../src/operator/database-password.js'
import {temporaryFolder} from '../support/world.js'

const server = {host: 'db.example.com', port: 5432, database: 'apkg', user: 'ada'}

/** Finds the password in a file with these lines. */
function inFile(t: TestContext, lines: string[], changes: Partial<typeof server> = {}, mode = 0o600) {
  const home = temporaryFolder(t)
  writeFileSync(path.join(home, '.pgpass'), lines.join('\n'), {mode})
  return findPassword({...server, ...changes}, {home, env: {}})
}

describe('the password of a database', () => {
  it('password: PGPASSWORD comes first, and no file is needed', (t) => {
    const home = temporaryFolder(t)
    assert.equal(findPassword(server, {home, env: {}}), undefined)
    assert.equal(findPassword(server, {home, env: {PGPASSWORD: 'a', PGPASSFILE: '/missing'}}), 'a')
  })

  it('password: the first entry that matches is used, with wildcards and escapes', (t) => {
    const lines = ['# a comment', 'other:5432:apkg:ada:no', 'db.example.com:*:*:ada:a\\:b\\\\c:d', '*:*:*:*:last']
    assert.equal(inFile(t, lines), 'a:b\\c:d')
    assert.equal(inFile(t, lines, {user: 'bob'}), 'last')
    assert.equal(inFile(t, ['a:b', 'db.example.com:5433:apkg:ada:no']), undefined)
    assert.equal(inFile(t, ['localhost:5432:apkg:ada:socket'], {host: '/run/postgresql'}), 'socket')
    assert.equal(inFile(t, ['h\\:1:5432:apkg:ada:x'], {host: 'h:1'}), 'x')
  })

  it('password: a file that others can read is refused, and so is one that is missing', (t) => {
    const isUnusable = (error: unknown) => isApkgError(error) && error.code === 'REGISTRY_PASSWORD_FILE_UNUSABLE'
    if (process.platform !== 'win32') assert.throws(() => inFile(t, ['*:*:*:*:x'], {}, 0o644), isUnusable)
    assert.throws(() => findPassword(server, {home: '/', env: {PGPASSFILE: '/missing'}}), isUnusable)
  })
})
