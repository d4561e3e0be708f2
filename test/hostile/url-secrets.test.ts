import assert from 'node:assert/strict'
import {mkdir, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'node:test'

import CheckUpdate from '../../src/commands/check-update.js'
import ConfigGet from '../../src/commands/config/get.js'
import ConfigList from '../../src/commands/config/list.js'
import ConfigSet from '../../src/commands/config/set.js'
import Doctor from '../../src/commands/doctor.js'
import Info from '../../src/commands/info.js'
import Install from '../../src/commands/install.js'
import Login from '../../src/commands/login.js'
import TrustAdd from '../../src/commands/trust/add.js'
import Whoami from '../../src/commands/whoami.js'
import {config} from '../support/oclif-config.js'
import {runCommand} from '../support/run-command.js'
import {tempFolder} from '../support/temp-folder.js'

/** Registry URLs with secrets in them, as people paste them. */
const urls = [
  'https://ada:s3cret@h.invalid',
  'https://s3cret@h.invalid/v1',
  'https://h.invalid/?token=s3cret',
  'https://h.invalid/#s3cret',
  'https://ada:s3cret@h.invalid:port',
  'https://ada:s3/s3cret?s3cret@h.invalid:port/',
  'ftp://ada:s3cret@h.invalid/',
  'ada:s3cret@h.invalid',
  'http://ada:s3cret@h.invalid/?s3cret',
]

describe('a registry URL with a secret', () => {
  for (const url of urls) {
    it(`registry URL with a secret: is never shown: ${url.replaceAll('s3cret', 'SECRET')}`, async (t) => {
      const home = await tempFolder(t)
      await mkdir(path.join(home, '.apkg'), {mode: 0o700})
      const configured = {registry: url, services: {auth: url}}
      const runs = [
        [Whoami, ['--registry', url], {}],
        [Whoami, [], {env: {APKG_REGISTRY: url, APKG_TOKEN: 'apkg_token'}}],
        [Whoami, [], {env: {APKG_TOKEN_REGISTRY: url, APKG_TOKEN: 'apkg_token'}}],
        [Login, ['--registry', url, '--username', 'ada', '--password-stdin'], {stdin: 'password'}],
        [ConfigSet, ['registry', url], {}],
        [ConfigSet, ['services.auth', url], {}],
        [TrustAdd, ['@ada', url], {}],
        [Info, ['@ada/x'], {config: configured}],
        [ConfigGet, ['registry'], {config: configured}],
        [ConfigGet, ['services.auth'], {config: configured}],
        [ConfigList, [], {config: configured}],
        [Doctor, ['--offline'], {config: configured}],
        [Doctor, ['--offline'], {env: {https_proxy: url, APKG_REGISTRY: 'https://h.invalid'}}],
        [Info, [url], {}],
        [Install, [url], {}],
        [CheckUpdate, [], {env: {npm_config_registry: url}}],
      ] as const
      for (const [command, argv, {config: settings, ...world}] of runs.map(
        ([one, two, three]) => [one, two, three as {config?: object; env?: NodeJS.ProcessEnv; stdin?: string}] as const,
      )) {
        await writeFile(path.join(home, '.apkg/config.json'), JSON.stringify(settings ?? {}))
        for (const flags of [[], ['--json']]) {
          const {stdout, stderr} = await runCommand(command, [...argv, ...flags], config, {home, ...world})
          assert.ok(!(stdout + stderr).includes('s3cret'), `${command.name} ${argv.join(' ')}: ${stdout}${stderr}`)
        }
      }
    })
  }
})
