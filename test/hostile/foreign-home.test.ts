import assert from 'node:assert/strict'
import {chmod, chown, mkdir, readdir, readFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import ConfigList from '../../src/commands/config/list.js'
import ConfigSet from '../../src/commands/config/set.js'
import Doctor from '../../src/commands/doctor.js'
import KeyGenerate from '../../src/commands/key/generate.js'
import KeyList from '../../src/commands/key/list.js'
import Login from '../../src/commands/login.js'
import Logout from '../../src/commands/logout.js'
import TokenList from '../../src/commands/token/list.js'
import TrustAdd from '../../src/commands/trust/add.js'
import TrustList from '../../src/commands/trust/list.js'
import Whoami from '../../src/commands/whoami.js'
import {failureOf} from '../support/command.js'
import {writeTree} from '../support/make-tree.js'
import {config} from '../support/oclif-config.js'
import {password, startRegistry} from '../support/registry.js'
import {runCommand} from '../support/run-command.js'
import {tempFolder} from '../support/temp-folder.js'

/** A `~/.apkg` as an attacker would prepare it. */
const planted = {
  'config.json': '{"registry":"https://planted.example"}',
  'credentials.json':
    '{"registry":"https://planted.example","accessToken":"apkg_planted","refreshToken":"","username":"mallory"}',
  'trust.json': '{"scopes":{"@ada":"https://planted.example"}}',
}

/** Why it is not trusted. Only root can give files away. */
const attacks: Record<string, {spoil: (folder: string) => Promise<void>; reason: string; needsRoot?: true}> = {
  'can be written by its group': {
    spoil: (folder) => chmod(folder, 0o770),
    reason: 'other users can write to it',
  },
  'can be written by anyone': {
    spoil: (folder) => chmod(folder, 0o777),
    reason: 'other users can write to it',
  },
  'belongs to another user': {
    spoil: (folder) => chown(folder, 54_321, 54_321),
    reason: 'it belongs to another user (uid 54321)',
    needsRoot: true,
  },
}

async function plantedHome(t: TestContext, spoil: (folder: string) => Promise<void>) {
  const home = await tempFolder(t)
  const folder = path.join(home, '.apkg')
  await mkdir(folder, {mode: 0o700})
  await writeTree(folder, planted)
  await spoil(folder)
  return {home, folder}
}

describe("a ~/.apkg that isn't only the user's", () => {
  for (const [what, {spoil, reason, needsRoot}] of Object.entries(attacks)) {
    const isImpossible = needsRoot === true && process.getuid?.() !== 0

    for (const [name, command, argv] of [
      ['config list', ConfigList, []],
      ['config set', ConfigSet, ['registry', 'https://r.example.com']],
      ['key list', KeyList, ['--local']],
      ['key generate', KeyGenerate, ['--name', 'laptop']],
      ['logout', Logout, []],
      ['token list', TokenList, []],
      ['trust add', TrustAdd, ['@ada', 'https://r.example.com']],
      ['trust list', TrustList, []],
      ['whoami', Whoami, []],
    ] as const) {
      it(`${name}: refuses a ~/.apkg that ${what}, and says how to fix it`, async (t) => {
        if (isImpossible) {
          t.skip('only root can give files away')
          return
        }
        const {home, folder} = await plantedHome(t, spoil)
        const outcome = await runCommand(command, [...argv, '--json'], config, {home})
        const {error} = JSON.parse(outcome.stdout)
        assert.deepEqual([error.code, error.message], ['FILE_UNREADABLE', `Cannot read ${folder}: ${reason}`])
        assert.match(error.suggestions.join('\n'), /`chmod -R go-w |sudo/)
        assert.equal(outcome.exitCode, 1)
        assert.deepEqual((await readdir(folder)).sort(), Object.keys(planted).sort())
      })
    }

    it(`whoami: uses APKG_TOKEN and nothing of a ~/.apkg that ${what}`, async (t) => {
      if (isImpossible) {
        t.skip('only root can give files away')
        return
      }
      const registry = await startRegistry(t)
      await registry.addUser('ada')
      const own = {home: await tempFolder(t), env: {APKG_REGISTRY: registry.url}}
      const login = await runCommand(Login, ['--username', 'ada', '--password-stdin'], config, {
        ...own,
        stdin: password,
      })
      assert.equal(login.exitCode, 0)
      const {accessToken} = JSON.parse(await readFile(path.join(own.home, '.apkg/credentials.json'), 'utf8'))
      const {home} = await plantedHome(t, spoil)
      const env = {...own.env, APKG_TOKEN: accessToken}
      const {stdout, stderr, exitCode} = await runCommand(Whoami, ['--json'], config, {home, env})
      assert.deepEqual([exitCode, JSON.parse(stdout).username], [0, 'ada'])
      assert.match(stderr, /Its settings are not used/)
      assert.ok(!(stdout + stderr).includes('planted'))
    })

    it(`doctor: reports a ~/.apkg that ${what}`, async (t) => {
      if (isImpossible) {
        t.skip('only root can give files away')
        return
      }
      const {home, folder} = await plantedHome(t, spoil)
      const {stdout} = await runCommand(Doctor, ['--offline'], config, {home})
      assert.ok(stdout.includes(`Cannot read ${folder}: ${reason}`), stdout)
    })
  }

  it('config list: trusts a ~/.apkg that others can only read', async (t) => {
    const {home, folder} = await plantedHome(t, (each) => chmod(each, 0o755))
    await chmod(path.join(folder, 'config.json'), 0o644)
    assert.equal((await runCommand(ConfigList, ['--json'], config, {home})).exitCode, 0)
  })

  it('key list: a key directory that others can write to is refused', async (t) => {
    const {home, folder} = await plantedHome(t, async () => undefined)
    assert.equal((await runCommand(KeyGenerate, ['--name', 'laptop'], config, {home})).exitCode, 0)
    await chmod(path.join(folder, 'keys'), 0o777)
    const outcome = await runCommand(KeyList, ['--local', '--json'], config, {home})
    assert.equal(failureOf(outcome).message, `Cannot read ${path.join(folder, 'keys')}: other users can write to it`)
  })
})
