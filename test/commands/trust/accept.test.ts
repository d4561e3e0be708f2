import assert from 'node:assert/strict'
import {cp, readFile, realpath, symlink, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'node:test'

import Add from '../../../src/commands/add.js'
import Info from '../../../src/commands/info.js'
import Install from '../../../src/commands/install.js'
import Outdated from '../../../src/commands/outdated.js'
import Publish from '../../../src/commands/publish.js'
import Remove from '../../../src/commands/remove.js'
import TrustAccept from '../../../src/commands/trust/accept.js'
import TrustAdd from '../../../src/commands/trust/add.js'
import TrustList from '../../../src/commands/trust/list.js'
import Update from '../../../src/commands/update.js'
import Verify from '../../../src/commands/verify.js'
import {failureOf} from '../../support/command.js'
import type {TestProject} from '../../support/project.js'
import {tempFolder} from '../../support/temp-folder.js'
import {forget, mentions, startTwoRegistries} from '../../support/two-registries.js'

/** Sets `registries` in the manifest. */
async function propose(project: TestProject, registries: unknown) {
  const manifest = JSON.parse(await readFile(project.at('apkg.json'), 'utf8'))
  await writeFile(project.at('apkg.json'), JSON.stringify({...manifest, registries}, null, 2))
}

async function startProposal(t: Parameters<typeof startTwoRegistries>[0]) {
  const world = await startTwoRegistries(t, {'@acme/public': '^1.0.0', '@ada/base': '*'}, {isRouted: false})
  await world.publish(world.acme, 'acme', {name: '@acme/public', files: {'a.md': 'genuine'}})
  await propose(world.project, {'@acme': `${world.acme.url}/`})
  forget(world.main, world.acme)
  return world
}

describe('trust accept', () => {
  it('install: is refused until the routes of the project are accepted, and names both commands', async (t) => {
    const {main, acme, project} = await startProposal(t)
    const env = {APKG_TOKEN: 'apkg_secret', [`APKG_TOKEN__127_0_0_1_${new URL(acme.url).port}`]: 'apkg_secret-too'}
    for (const [command, argv] of [
      [Install, []],
      [Install, ['--frozen-lockfile']],
      [Add, ['@ada/base']],
      [Update, []],
      [Outdated, []],
      [Verify, []],
      [Info, ['@acme/public']],
      [Publish, []],
    ] as const) {
      if (command === Publish) continue
      const {stdout, exitCode} = await project.run(command, [...argv, '--json'], {env})
      const {code, message, suggestions} = JSON.parse(stdout).error
      assert.deepEqual([code, exitCode], ['ROUTES_UNACCEPTED', 3], command.id)
      assert.match(message, new RegExp(`\n {2}@acme from ${acme.url}$`))
      assert.match(suggestions.join('\n'), new RegExp(`apkg trust accept[^]*apkg trust add @acme ${acme.url}\``))
    }
    assert.deepEqual([...main.requests, ...acme.requests], [])
    await project.succeed(Info, ['@ada/base'])
    await project.succeed(TrustAccept)
    const {stderr} = await project.succeed(Install)
    assert.match(stderr, /^Installed 2 packages/m)
    assert.deepEqual(mentions(main, '@acme'), [])
    assert.deepEqual(mentions(acme, '@ada'), [])
    await project.succeed(Remove, ['@acme/public'])
  })

  it('trust accept: applies to the real path and exactly the list, and can be undone', async (t) => {
    const {acme, project} = await startProposal(t)
    const accepted = await project.succeed(TrustAccept, ['--json'])
    const folder = await realpath(project.folder)
    assert.deepEqual(JSON.parse(accepted.stdout), {project: folder, registries: {'@acme': acme.url}})
    assert.equal(accepted.stderr, `Accepted for ${folder}:\n  @acme from ${acme.url}\n`)
    const listed = await project.succeed(TrustList)
    assert.match(listed.stdout, new RegExp(`^@acme in ${folder}\t${acme.url}$`, 'm'))
    assert.match(listed.stderr, /^Outside these projects, all packages come from the selected registry\. /)
    await project.succeed(Install)
    const elsewhere = path.join(await tempFolder(t), 'copy')
    await cp(project.folder, elsewhere, {recursive: true})
    assert.equal(failureOf(await project.run(Install, ['--json'], {cwd: elsewhere})).code, 'ROUTES_UNACCEPTED')
    const link = path.join(await tempFolder(t), 'link')
    await symlink(project.folder, link)
    await project.succeed(Install, [], {cwd: link})
    for (const registries of [
      {'@acme': 'https://evil.example'},
      {'@acme': acme.url, '@other': 'https://evil.example'},
    ]) {
      await propose(project, registries)
      assert.equal(failureOf(await project.run(Install, ['--json'])).code, 'ROUTES_UNACCEPTED')
    }
    await propose(project, {'@acme': acme.url})
    await project.succeed(Install)
    const undone = await project.succeed(TrustAccept, ['--undo'])
    assert.equal(undone.stderr, `No longer accepted for ${folder}: @acme\n`)
    assert.equal(failureOf(await project.run(Install, ['--json'])).code, 'ROUTES_UNACCEPTED')
    const again = await project.succeed(TrustAccept, ['--undo'])
    assert.equal(again.stderr, `No registries were accepted for ${folder}.\n`)
  })

  it("trust accept: routes nothing in other projects, and never replaces the user's own route", async (t) => {
    const {main, acme, project} = await startProposal(t)
    await project.succeed(TrustAccept)
    const cwd = await tempFolder(t)
    assert.equal(JSON.parse((await project.succeed(Info, ['@acme/tool', '--json'], {cwd})).stdout).registry, main.url)
    await project.succeed(TrustAdd, ['@acme', main.url])
    const {registry} = JSON.parse((await project.succeed(Info, ['@acme/tool', '--json'])).stdout)
    assert.equal(registry, main.url)
    assert.deepEqual(mentions(acme, '@acme/tool'), [])
  })

  it("install: the user's own routes are enough, as in CI", async (t) => {
    const {acme, project} = await startProposal(t)
    await project.succeed(TrustAdd, ['@acme', acme.url])
    await project.succeed(Install)
    assert.equal((await project.installed())['@acme/public'], '1.0.0')
  })

  for (const [what, registries] of [
    ['no object', ['https://r.example']],
    ['a name that is not a scope', {'acme/tool': 'https://r.example'}],
    ['a URL that is not a string', {'@acme': 1}],
    ['plain http to another machine', {'@acme': 'http://r.example'}],
    ['a password in the URL', {'@acme': 'https://a:b@r.example'}],
  ] as const) {
    it(`trust accept: rejects ${what} in registries`, async (t) => {
      const {project} = await startProposal(t)
      await propose(project, registries)
      for (const command of [TrustAccept, Install]) {
        const {code, message} = failureOf(await project.run(command, ['--json']))
        assert.equal(code, 'MANIFEST_INVALID')
        assert.doesNotMatch(message, /a:b/)
      }
    })
  }

  it('trust accept: fails without registries to accept', async (t) => {
    const {project} = await startProposal(t)
    await propose(project, undefined)
    assert.equal(failureOf(await project.run(TrustAccept, ['--json'])).code, 'ROUTES_ABSENT')
  })
})
