import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import Login from '../../src/commands/login.js'
import Search from '../../src/commands/search.js'
import TokenCreate from '../../src/commands/token/create.js'
import Whoami from '../../src/commands/whoami.js'
import {startSession} from '../support/command.js'
import {password} from '../support/registry.js'

const day = 86_400_000

/** A session of ada's, and a token with a lifetime that has so many days left. */
async function withToken(t: Parameters<typeof startSession>[0], lifetime: number, left: number, ...flags: string[]) {
  const world = await startSession(t)
  const {stdout} = await world.run(TokenCreate, ['--label', 'ci', '--expires', `${lifetime}d`, ...flags])
  world.registry.clock.advance((lifetime - left) * day)
  const use = (
    env: Record<string, string> = {},
    command: typeof Whoami | typeof Search = Whoami,
    args: string[] = [],
  ) => world.run(command, args, {env: {APKG_TOKEN: stdout.trim(), ...env}})
  return {...world, use}
}

const rotate = (url: string) => `To replace it, its owner can run \`apkg token rotate --registry ${url} ci\`.`

describe('the warning about a token that expires soon', () => {
  it('expiry warning: comes last and once, and changes neither the output nor the exit code', async (t) => {
    const {use, registry} = await withToken(t, 30, 3)
    const {stdout, stderr, exitCode} = await use()
    assert.match(stdout, /^Username: ada\n/)
    assert.equal(stderr, `Warning: APKG_TOKEN ("ci") expires in 3 days. ${rotate(registry.url)}\n`)
    assert.equal(exitCode, 0)
    const json = await use({}, Whoami, ['--json'])
    assert.equal((JSON.parse(json.stdout) as {username: string}).username, 'ada')
    assert.match(json.stderr, /^Warning: APKG_TOKEN \("ci"\) expires in 3 days[^\n]*\n$/)
  })

  it('expiry warning: comes from any command that uses the token, even if it fails', async (t) => {
    const {use} = await withToken(t, 30, 3)
    assert.match((await use({}, Search, ['x'])).stderr, /Warning: APKG_TOKEN \("ci"\) expires in 3 days/)
  })

  it('expiry warning: is an annotation in GitHub Actions', async (t) => {
    const {use, registry} = await withToken(t, 30, 3)
    const {stderr} = await use({GITHUB_ACTIONS: 'true'})
    assert.equal(stderr, `::warning::APKG_TOKEN ("ci") expires in 3 days. ${rotate(registry.url)}\n`)
  })

  it('expiry warning: names --current for a token that can rotate itself', async (t) => {
    const {use} = await withToken(t, 30, 3, '--scopes', 'admin')
    assert.match((await use()).stderr, /To replace it, run `apkg token rotate --current`\.\n$/)
  })

  for (const [what, lifetime, left, setting, isWarned] of [
    ['a token with 15 days left does not cause one', 30, 15, undefined, false],
    ['a token that lives for 14 days does not cause one', 14, 1, undefined, false],
    ['a token that lives for 15 days does', 15, 13, undefined, true],
    ['with APKG_EXPIRY_WARNING=7d, one with 8 days left does not', 30, 8, '7d', false],
    ['with APKG_EXPIRY_WARNING=7d, one with 6 days left does', 30, 6, '7d', true],
    ['with APKG_EXPIRY_WARNING=off, none does', 30, 1, 'off', false],
  ] as const) {
    it(`expiry warning: ${what}`, async (t) => {
      const {use} = await withToken(t, lifetime, left)
      const {stderr} = await use(setting === undefined ? {} : {APKG_EXPIRY_WARNING: setting})
      assert.equal(stderr.includes('expires'), isWarned, stderr)
    })
  }

  it('expiry warning: an unusable setting is reported, and the default applies', async (t) => {
    const {use} = await withToken(t, 30, 3)
    const {stderr} = await use({APKG_EXPIRY_WARNING: 'soon'})
    assert.match(
      stderr,
      /expires in 3 days[^\n]*\nWarning: APKG_EXPIRY_WARNING is not valid\. Use a duration, such as 7d, or `off`\.\n$/,
    )
  })

  it("expiry warning: with a session, covers all the user's tokens, without another request", async (t) => {
    const {run, registry} = await withToken(t, 30, 3)
    const text = `Warning: Your API token "ci" expires in 3 days. To replace it, run \`apkg token rotate --registry ${registry.url} `
    const login = await run(Login, ['--username', 'ada', '--password-stdin'], {stdin: password})
    assert.ok(login.stderr.startsWith(`Logged in as ada\nRegistry: ${registry.url}\n${text}`), login.stderr)
    const whoami = await run(Whoami, ['--json'])
    assert.ok(whoami.stderr.startsWith(text), whoami.stderr)
    const {expiringTokens} = JSON.parse(whoami.stdout) as {expiringTokens: {label: string}[]}
    assert.deepEqual(
      expiringTokens.map(({label}) => label),
      ['ci'],
    )
  })
})
