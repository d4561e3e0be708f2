import assert from 'node:assert/strict'
import {execFileSync} from 'node:child_process'
import {chmod, chown, mkdir, symlink, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'node:test'

import {readConfig} from '../../src/config/config-file.js'
import {CredentialStore} from '../../src/credentials/credential-store.js'
import {distrustOf, readOwnFile} from '../../src/files/assert-own-file.js'
import {StateFolder} from '../../src/files/state-folder.js'
import {registryA, loginOf, written} from '../support/stored-logins.js'
import {tempHome} from '../support/temp-home.js'

const folder = '/home/ada/.apkg'

describe('a file or directory of the user', () => {
  for (const [what, found, reader] of [
    ['belongs to them and is private', {uid: 1000, mode: 0o100600}, 1000],
    ['belongs to them and can be read by others', {uid: 1000, mode: 0o40755}, 1000],
    ['belongs to root', {uid: 0, mode: 0o100644}, 1000],
    ['is on Windows', {uid: 7, mode: 0o100666}, undefined],
  ] as const) {
    it(`own file: is trusted if it ${what}`, () => {
      assert.equal(distrustOf(folder, found, reader), undefined)
    })
  }

  for (const [what, found, reader, reason, fix] of [
    [
      'belongs to another user',
      {uid: 1001, mode: 0o100600},
      1000,
      'it belongs to another user (uid 1001)',
      'to make it yours, run `sudo chown -R 1000 /home/ada/.apkg`',
    ],
    [
      'belongs to another user and root reads it',
      {uid: 1000, mode: 0o100600},
      0,
      'it belongs to another user (uid 1000)',
      'if you used sudo, run apkg without it',
    ],
    [
      'can be written by the group',
      {uid: 1000, mode: 0o40770},
      1000,
      'other users can write to it',
      'run `chmod -R go-w /home/ada/.apkg`',
    ],
    [
      'belongs to root and can be written by anyone',
      {uid: 0, mode: 0o100666},
      1000,
      'other users can write to it',
      'run `chmod -R go-w /home/ada/.apkg`',
    ],
  ] as const) {
    it(`own file: is not trusted if it ${what}`, () => {
      const distrust = distrustOf(folder, found, reader)
      assert.equal(distrust?.reason, reason)
      assert.equal(distrust.suggestions[0], fix)
    })
  }
})

const noModes = process.platform === 'win32' && 'Windows has no modes'

describe('~/.apkg that others can write to', {skip: noModes}, () => {
  const unreadable = (file: string, reason: string) => ({
    code: 'FILE_UNREADABLE',
    exitCode: 1,
    message: `Cannot read ${file}: ${reason}`,
  })

  for (const mode of [0o720, 0o702, 0o777, 0o1777]) {
    it(`own file: a directory with mode ${mode.toString(8)} is neither read nor written`, async (t) => {
      const home = await tempHome(t)
      await home.write('config.json', '{"registry":"https://planted.example"}')
      await home.write('credentials.json', written(registryA, 'ada'))
      await chmod(home.file(''), mode)
      const expected = unreadable(home.file('').replace(/\/$/, ''), 'other users can write to it')
      const store = new CredentialStore(home.path)
      await assert.rejects(readConfig(home.path), expected)
      await assert.rejects(store.find(registryA), expected)
      await assert.rejects(store.save(loginOf(registryA, 'ada')), expected)
      execFileSync('chmod', ['-R', 'go-w', home.file('')])
      assert.deepEqual(await readConfig(home.path), {registry: 'https://planted.example'})
    })
  }

  for (const name of ['config', 'credentials', 'sessions', 'trust'] as const) {
    it(`own file: ${name}.json that others can write to is not read`, async (t) => {
      const home = await tempHome(t)
      await home.write(`${name}.json`, '{}')
      await chmod(home.file(`${name}.json`), 0o620)
      const read = new StateFolder(home.path).read(name, (value): value is object => value !== undefined)
      await assert.rejects(read, unreadable(home.file(`${name}.json`), 'other users can write to it'))
    })
  }

  it('own file: what a link points to is checked', async (t) => {
    const home = await tempHome(t)
    await home.write('elsewhere', '{}')
    await symlink('elsewhere', home.file('config.json'))
    assert.deepEqual(await readConfig(home.path), {})
    await chmod(home.file('elsewhere'), 0o666)
    await assert.rejects(readConfig(home.path), unreadable(home.file('config.json'), 'other users can write to it'))
  })

  it('own file: opening a pipe does not block', {timeout: 10_000}, async (t) => {
    const home = await tempHome(t)
    await mkdir(home.file(''), {mode: 0o700})
    execFileSync('mkfifo', ['-m', '600', home.file('config.json')])
    await assert.rejects(readConfig(home.path), unreadable(home.file('config.json'), 'it is not a file'))
  })

  it('own file: a file that is too large is not read', async (t) => {
    const home = await tempHome(t)
    await home.write('config.json', 'x'.repeat(100))
    assert.throws(() => readOwnFile(home.file('config.json'), 99), /it is larger than 99 bytes/)
    assert.equal(readOwnFile(home.file('config.json'), 100).length, 100)
  })
})

describe(
  '~/.apkg that belongs to another user',
  {skip: noModes || (process.getuid?.() !== 0 && 'only root can give files away')},
  () => {
    const stranger = 54_321

    for (const [what, names] of [
      ['the directory', ['']],
      ['a file', ['config.json']],
      ['the directory and its files', ['', 'config.json']],
    ] as const) {
      it(`own file: is not read if ${what} belongs to them`, async (t) => {
        const home = await tempHome(t)
        await home.write('config.json', '{"registry":"https://planted.example"}')
        for (const name of names) await chown(path.join(home.path, '.apkg', name), stranger, stranger)
        await assert.rejects(readConfig(home.path), {code: 'FILE_UNREADABLE', message: /another user \(uid 54321\)$/})
      })
    }

    it('own file: a link of another user to a file of root is not followed', async (t) => {
      const home = await tempHome(t)
      await mkdir(home.file(''), {mode: 0o700})
      await writeFile(path.join(home.path, 'own'), '{}', {mode: 0o600})
      await symlink('../own', home.file('config.json'))
      await chown(home.file(''), stranger, stranger)
      await assert.rejects(readConfig(home.path), {code: 'FILE_UNREADABLE'})
    })
  },
)
