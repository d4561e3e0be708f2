import assert from 'node:assert/strict'
import {mkdir, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import {shellBlocks} from '../support/ci-page.js'
import {Machine} from '../support/machine.js'
import {sessionOf} from '../support/publish-package.js'
import {password, startRegistry} from '../support/registry.js'

const title = 'Check before a long build'
const minute = 60_000

/** A registry with the organization of the page, and a job with a token of a publisher in it. */
async function job(t: TestContext, request: object) {
  const registry = await startRegistry(t)
  await registry.addOrganization('acme', {[await registry.addUser('ada')]: 'publisher'})
  const session = await sessionOf(registry.url, 'ada', password)
  const created = await fetch(`${registry.url}/auth/tokens`, {
    method: 'POST',
    headers: {'content-type': 'application/json', authorization: `Bearer ${session}`},
    body: JSON.stringify({name: 'ci', ...request}),
  })
  const {token} = (await created.json()) as {token: string}
  const machine = await Machine.start(t)
  const env = {APKG_REGISTRY: registry.url, APKG_TOKEN: token}
  const [block = ''] = shellBlocks(title)
  return {registry, machine, env, ask: () => machine.shell(block, {env})}
}

describe(`docs/ci.md: ${title.toLowerCase()}`, () => {
  it('docs/ci.md: a token that can publish may start the build, and publish at its end', async (t) => {
    const {registry, machine, env, ask} = await job(t, {packageScope: '@acme/*', expiresIn: '30m'})
    const {stdout, exitCode, stderr} = await ask()
    assert.deepEqual([stdout.split('\n')[0], exitCode], ['Allowed: publish @acme/tool', 0], stderr)
    registry.clock.advance(20 * minute)
    const manifest = {name: '@acme/tool', version: '1.0.0', type: 'skill', license: 'MIT', visibility: 'public'}
    const cwd = path.join(machine.home, 'checkout')
    await mkdir(cwd)
    await writeFile(path.join(cwd, 'apkg.json'), JSON.stringify(manifest))
    await writeFile(path.join(cwd, 'SKILL.md'), '# A tool\n')
    assert.equal((await machine.apkg(['publish', '--dry-run'], {env, cwd})).exitCode, 0)
    assert.equal((await machine.apkg(['publish'], {env, cwd})).exitCode, 0)
    assert.equal((await machine.apkg(['publish', '--dry-run'], {env, cwd})).exitCode, 0)
  })

  it('docs/ci.md: a token that expires during the build stops the job, as the page shows', async (t) => {
    const {ask} = await job(t, {expiresIn: '15m'})
    const {stdout, exitCode} = await ask()
    assert.equal(exitCode, 3)
    const withoutTime = (text: string) => text.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/, '<time>').trim()
    const [, shown = ''] = consoleBlock().split(/^\$ .*\n/m)
    assert.equal(withoutTime(stdout), withoutTime(shown))
  })

  it('docs/ci.md: a token for another package stops the job with 3, and a revoked one with 4', async (t) => {
    const other = await job(t, {packageScope: '@acme/other'})
    const {stdout, exitCode} = await other.ask()
    assert.deepEqual([/SCOPE_INSUFFICIENT/.test(stdout), exitCode], [true, 3])
    const revoked = await other.machine.apkg(['token', 'revoke', '--current'], {env: other.env})
    assert.equal(revoked.exitCode, 0, revoked.stderr)
    assert.equal((await other.ask()).exitCode, 4)
  })
})

function consoleBlock(): string {
  return shellBlocks(title, 'console').join('')
}
