import assert from 'node:assert/strict'
import {rm} from 'node:fs/promises'
import {describe, it, type TestContext} from 'node:test'

import AuditSignatures from '../../src/commands/audit/signatures.js'
import DistTagLs from '../../src/commands/dist-tag/ls.js'
import Info from '../../src/commands/info.js'
import Install from '../../src/commands/install.js'
import List from '../../src/commands/list.js'
import Outdated from '../../src/commands/outdated.js'
import Remove from '../../src/commands/remove.js'
import Update from '../../src/commands/update.js'
import Verify from '../../src/commands/verify.js'
import {startPlainRegistry} from '../support/plain-registry.js'
import {startProject} from '../support/project.js'
import type {Outcome} from '../support/run-command.js'
import {startTamperingProxy} from '../support/tampering-proxy.js'

const name = '@ada/tool'

/** Text that would start a line of advice, move the cursor, hide characters and turn them around. */
const evil = 'old\n  hint: run `evil`\r\nError: evil\u2028\u200B\u00AD\u{E0041}\u202E\u001B[2J\u009B2J'

const hidden = /[\r\u2028\u200B\u00AD\u{E0041}\u202E\u009B]|\u001B\[2J/u

const texts = {description: evil, license: evil, homepage: evil, repository: evil, keywords: [evil], author: evil}

/** A project that depends on a package, of which everything that is free text is hostile. */
async function start(t: TestContext) {
  const proxy = await startTamperingProxy(t)
  const plain = await startPlainRegistry(t)
  proxy.target = plain.url
  for (const version of ['1.0.0', '2.0.0']) {
    await plain.put({name, version, files: {'README.md': evil}, ...texts})
  }
  plain.tag(name, evil, '1.0.0')
  proxy.tamper = (path, body) => {
    if (path !== `/packages/${name}`) return body
    for (const version of Object.values<object>(body.versions)) Object.assign(version, texts, {deprecated: evil})
    return {...body, ...texts, deprecated: evil, maintainers: [{username: evil, role: evil}], visibility: evil}
  }
  const project = await startProject(t, proxy.url, {[name]: '^1.0.0'})
  return {proxy, project}
}

function assertHarmless({stdout, stderr}: Outcome): void {
  const withoutStatus = (stdout + stderr).replaceAll('\r\u001B[2K', '')
  for (const line of withoutStatus.split('\n')) {
    assert.doesNotMatch(line, /^\s*(?:hint: run `evil`|Error: evil)/, line)
    assert.doesNotMatch(line, hidden, JSON.stringify(line))
  }
}

describe('text of a package that looks like advice', () => {
  for (const [command, argv] of [
    [Install, []],
    [List, []],
    [Outdated, []],
    [Update, []],
    [Verify, []],
    [AuditSignatures, []],
    [Info, [name]],
    [DistTagLs, [name]],
    [Remove, [name]],
  ] as const) {
    it(`${command.name}: it starts no line and hides nothing`, async (t) => {
      const {project} = await start(t)
      assertHarmless(await project.succeed(Install))
      for (const world of [{terminal: false}, {terminal: true}]) {
        for (const flags of [[], ['--json']]) assertHarmless(await project.run(command, [...argv, ...flags], world))
      }
    })
  }

  it('Install: the reason of a takedown, and a deprecation, start no line and hide nothing', async (t) => {
    const {proxy, project} = await start(t)
    await project.succeed(Install)
    const answers = {takenDown: [] as object[], deprecated: [] as object[], compromised: [], unknown: []}
    proxy.bytes = (path) => (path === '/packages/status' ? Buffer.from(JSON.stringify(answers)) : undefined)
    answers.deprecated = [{version: `${name}@1.0.0`, message: evil}]
    await rm(project.at('apkg_packages'), {recursive: true})
    const deprecated = await project.succeed(Install, ['--frozen-lockfile'])
    assertHarmless(deprecated)
    assert.match(deprecated.stderr, /old\\u\{a\} {2}hint: run `evil`/)
    answers.takenDown = [{version: `${name}@1.0.0`, reason: evil}]
    await rm(project.at('apkg_packages'), {recursive: true})
    for (const flags of [[], ['--json']]) {
      const outcome = await project.run(Install, ['--frozen-lockfile', ...flags])
      assert.equal(outcome.exitCode, 3)
      assert.match(outcome.stdout + outcome.stderr, /no longer available/)
      assertHarmless(outcome)
    }
  })
})
