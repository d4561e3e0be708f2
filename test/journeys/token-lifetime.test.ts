import assert from 'node:assert/strict'
import {readFile} from 'node:fs/promises'
import {describe, it, type TestContext} from 'node:test'

import {operator} from '@apkg/plugin-registry/dist/server/store/store.js'

import {placeForgeSecret} from '../support/forge-secret.js'
import {loggedIn} from '../support/logged-in.js'
import {Machine} from '../support/machine.js'
import {password} from '../support/registry.js'
import {inRepository} from '../support/repository.js'

const page = await readFile(inRepository('docs/ci.md'), 'utf8')

const day = 86_400_000

function sectionOf(title: string): string {
  return new RegExp(`^## ${title}\n([^]*?)(?=^## )`, 'm').exec(page)?.[1] ?? ''
}

const [, create = ''] = /^\$ (apkg token create .*)$/m.exec(sectionOf('Create a token')) ?? []

/** An author who is logged in, with a `gh` that stores its secret in a file, and a runner that gets the secret. */
async function withForge(t: TestContext) {
  const {registry, machine, env} = await loggedIn(t)
  const {secret, searchPath} = await placeForgeSecret(machine)
  const shell = (line: string) => machine.shell(line, {env: {...env, PATH: searchPath}})
  const runner = await Machine.start(t)
  const job = async () => runner.apkg(['whoami'], {env: {...env, APKG_TOKEN: await readFile(secret, 'utf8')}})
  const logIn = () => machine.apkg(['login', '--username', 'ada', '--password-stdin'], {env, input: password})
  return {registry, shell, job, secret, logIn}
}

describe('docs/ci.md: the lifetime of a token', () => {
  it('docs/ci.md: three days before its end, jobs print the warning on the page, and its command renews the token', async (t) => {
    const {registry, shell, job, logIn} = await withForge(t)
    registry.clock.advance(-362 * day)
    assert.equal((await logIn()).exitCode, 0)
    const created = await shell(create)
    assert.equal(created.exitCode, 0, created.stderr)
    registry.clock.advance(362 * day)
    const warned = await job()
    const [, warning = ''] = /^(Warning: APKG_TOKEN .*)$/m.exec(sectionOf('Rotate the token')) ?? []
    assert.equal(warned.stderr, `${warning.replace('https://registry.example.com', registry.url)}\n`)
    assert.match(warned.stdout, /^Username: ada$/m)
    assert.equal(warned.exitCode, 0)

    assert.equal((await logIn()).exitCode, 0)
    const [, rotate = ''] = /`(apkg token rotate .*?)`/.exec(warned.stderr) ?? []
    const rotated = await shell(`${rotate} -- gh secret set APKG_TOKEN`)
    assert.equal(rotated.exitCode, 0, rotated.stderr)
    assert.deepEqual([(await job()).stderr, (await job()).exitCode], ['', 0])
    registry.clock.advance(300 * day)
    assert.deepEqual([(await job()).stderr, (await job()).exitCode], ['', 0])
  })

  it('docs/ci.md: a registry with a limit of 90 days refuses a year, and gives 90 days without --expires', async (t) => {
    const {registry, shell, job, secret} = await withForge(t)
    await registry.store.policy.set({maxTokenLifetime: '90d'}, operator, registry.clock.now.getTime())
    const refused = await shell(create)
    assert.equal(refused.exitCode, 3)
    assert.match(refused.stderr, /^Error: Cannot create an API token at .*90d/)
    assert.match(refused.stderr, /hint: choose a shorter --expires, or leave it out/)
    await assert.rejects(readFile(secret), {code: 'ENOENT'})
    assert.deepEqual(await registry.liveTokens(), [])

    const created = await shell(create.replace(' --expires 365d', ''))
    assert.equal(created.exitCode, 0, created.stderr)
    assert.match(created.stderr, /^The token expires in 90d, the longest that this registry allows\. /m)
    assert.equal((await job()).exitCode, 0)
    registry.clock.advance(90 * day)
    assert.equal((await job()).exitCode, 4)
  })
})
