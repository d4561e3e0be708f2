import assert from 'node:assert/strict'
import {execFileSync} from 'node:child_process'
import {chmod, mkdir, open, readdir, readFile, stat, symlink, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import {environmentSources} from '../../src/credentials/environment-source.js'
import {Secret} from '../../src/credentials/secret.js'
import {resolveCredential} from '../../src/credentials/resolve-credential.js'
import {tempHome} from '../support/temp-home.js'

const registry = 'https://a.example'

async function find(file: string, env: NodeJS.ProcessEnv = {}) {
  const {credential} = await resolveCredential(environmentSources, {
    registry,
    env: {APKG_TOKEN_FILE: file, ...env},
    home: '/nowhere',
    note: () => undefined,
  })
  return credential
}

async function tokenFile(t: TestContext, content: string | Buffer = 'opaque-token\n', mode = 0o600): Promise<string> {
  const file = path.join((await tempHome(t)).path, 'token')
  await writeFile(file, content)
  await chmod(file, mode)
  return file
}

const unusable = (reason: string) => ({code: 'TOKEN_FILE_UNUSABLE', exitCode: 4, message: new RegExp(reason)})

describe('APKG_TOKEN_FILE', () => {
  for (const [what, content] of [
    ['a value and a line break', 'opaque-token\n'],
    ['a value alone', 'opaque-token'],
    ['a byte order mark, spaces and a Windows line break', '\uFEFF  opaque-token \r\n'],
  ] as const) {
    it(`APKG_TOKEN_FILE: is read with ${what}`, async (t) => {
      const file = await tokenFile(t, content)
      const found = await find(file)
      assert.deepEqual([found?.secret.expose(), found?.source, found?.file], ['opaque-token', 'APKG_TOKEN_FILE', file])
    })
  }

  it('APKG_TOKEN_FILE: comes after APKG_TOKEN, and is then not opened', async () => {
    const found = await find('/nowhere/token', {APKG_TOKEN: 'opaque'})
    assert.deepEqual([found?.secret.expose(), found?.source], ['opaque', 'APKG_TOKEN'])
  })

  it('APKG_TOKEN_FILE: is not opened for a registry it is not bound to', async () => {
    assert.equal(await find('/nowhere/token', {APKG_TOKEN_REGISTRY: 'https://b.example'}), undefined)
  })

  it('APKG_TOKEN_FILE: links are followed, as in a Kubernetes secret', async (t) => {
    const file = await tokenFile(t, 'opaque-token', 0o444)
    const folder = path.dirname(file)
    await symlink('token', path.join(folder, '..data'))
    await symlink('..data', path.join(folder, 'link'))
    assert.equal((await find(path.join(folder, 'link')))?.secret.expose(), 'opaque-token')
  })

  for (const [what, reason, prepare] of [
    ['is missing', 'no such file or directory', () => Promise.resolve()],
    ['is a dangling link', 'no such file or directory', (file: string) => symlink('nowhere', file)],
    ['is a link to itself', 'too many symbolic links', (file: string) => symlink('token', file)],
    ['is a directory', 'it is a directory', (file: string) => mkdir(file)],
    ['is a named pipe', 'it is not a regular file', (file: string) => execFileSync('mkfifo', ['-m', '600', file])],
    ['is a device', 'it is not a regular file', (file: string) => symlink('/dev/zero', file)],
    ['is empty', 'it is empty', (file: string) => writeFile(file, ' \n', {mode: 0o600})],
    ['has 4097 bytes', 'it is larger than 4096 bytes', (file: string) => writeFile(file, 'x'.repeat(4097))],
    ['is a file without a size that is too large', 'it is larger', (file: string) => symlink('/proc/kallsyms', file)],
  ] as const) {
    it(`APKG_TOKEN_FILE: a file that ${what} exits with 4`, async (t) => {
      const file = path.join((await tempHome(t)).path, 'token')
      await prepare(file)
      await assert.rejects(
        find(file),
        unusable(`^Cannot use the token file ${file} \\(from APKG_TOKEN_FILE\\): ${reason}`),
      )
    })
  }

  for (const mode of [0o666, 0o620, 0o602]) {
    it(`APKG_TOKEN_FILE: a file with mode ${mode.toString(8)} exits with 4`, async (t) => {
      const file = await tokenFile(t, 'opaque-token', mode)
      await assert.rejects(find(file), {
        ...unusable('other users can write to it'),
        suggestions: [
          `run \`chmod go-w ${file}\``,
          'set APKG_TOKEN_FILE to a file that contains only a token, on one line',
        ],
      })
    })
  }

  for (const [what, content, reason] of [
    ['two lines', 'opaque-token\nopaque-token\n', /contains a line break/],
    ['quotation marks', '"opaque-token"\n', /is in quotation marks/],
    ['an unexpanded variable', '${TOKEN}\n', /was not expanded/],
    ['a masked value', '***\n', /placeholder or a masked value/],
    ['an assignment', 'APKG_TOKEN__A_EXAMPLE=opaque-token\n', /contains the name of a variable/],
    ['UTF-16', Buffer.from('\uFEFFopaque-token', 'utf16le'), /invalid characters/],
  ] as const) {
    it(`APKG_TOKEN_FILE: a file with ${what} exits with 4 and is not quoted`, async (t) => {
      await assert.rejects(find(await tokenFile(t, content)), (error: Error) => {
        assert.match(error.message, reason)
        assert.ok(!error.message.includes('opaque'), error.message)
        return (error as {exitCode?: number}).exitCode === 4
      })
    })
  }

  for (const value of ['apkgt_0123456789', 'opaque-token-of-another-registry']) {
    it(`APKG_TOKEN_FILE: a token instead of a path (${value}) is not quoted`, async () => {
      await assert.rejects(find(value), {
        message: 'Cannot use the token file in APKG_TOKEN_FILE: no such file or directory',
      })
    })
  }

  it('APKG_TOKEN_FILE: a blank path exits with 4', async () => {
    await assert.rejects(find(' '), {
      code: 'TOKEN_BLANK',
      suggestions: ['set APKG_TOKEN_FILE to the path of a file that contains an API token, or unset it'],
    })
  })

  it('APKG_TOKEN_FILE: after a rejection, the file is read again, and its value is used only if it changed', async (t) => {
    const file = await tokenFile(t)
    const found = await find(file)
    const refresh = () => Promise.reject(new Error('a token is not refreshed'))
    assert.equal(await found?.renew?.(refresh), undefined)
    await writeFile(file, 'opaque-2\n')
    assert.equal((await found?.renew?.(refresh))?.secret.expose(), 'opaque-2')
    await writeFile(file, '"opaque-3"\n')
    await assert.rejects(async () => found?.renew?.(refresh), {code: 'TOKEN_UNSENDABLE'})
  })

  it('APKG_TOKEN_FILE: the target of a link is replaced atomically, keeps its mode, and leaves no other file', async (t) => {
    const file = await tokenFile(t, 'opaque-token\n', 0o640)
    const link = path.join(path.dirname(file), 'link')
    await symlink('token', link)
    await writeFile(path.join(path.dirname(file), '.token.apkg-tmp'), 'left by a killed process')
    const before = await stat(file)
    const reader = await open(file)
    t.after(() => reader.close())
    const found = await find(link)
    await found?.rewrite?.(async ({secret, replace}) => {
      assert.equal(secret.expose(), 'opaque-token')
      await replace(new Secret('opaque-2'))
    })
    const after = await stat(file)
    assert.equal(await readFile(file, 'utf8'), 'opaque-2\n')
    assert.deepEqual([after.mode, after.uid, after.gid], [before.mode, before.uid, before.gid])
    assert.equal((await reader.readFile()).toString(), 'opaque-token\n')
    assert.deepEqual(await readdir(path.dirname(file)), ['link', 'token'])
  })

  it('APKG_TOKEN_FILE: two processes that replace it wait for each other', async (t) => {
    const file = await tokenFile(t, '0\n')
    const add = async () =>
      (await find(file))?.rewrite?.(async ({secret, replace}) => {
        const next = Number(secret.expose()) + 1
        await new Promise((resolve) => setImmediate(resolve))
        await replace(new Secret(String(next)))
      })
    await Promise.all([add(), add(), add()])
    assert.equal(await readFile(file, 'utf8'), '3\n')
  })
})
