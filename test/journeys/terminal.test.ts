import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {Secret, TOTP} from 'otpauth'

import {hashRecoveryCode} from '@apkg/plugin-registry/dist/server/auth/recovery-codes.js'
import {operator} from '@apkg/plugin-registry/dist/server/store/store.js'
import {createTotpSecret} from '@apkg/plugin-registry/dist/server/auth/totp.js'
import {Machine} from '../support/machine.js'
import {loggedIn} from '../support/logged-in.js'
import {password, startRegistry} from '../support/registry.js'

const enter = '\r'
const ctrlC = '\u0003'
const ctrlD = '\u0004'
const space = ' '
const down = '\u001B[B'

describe('on a terminal', () => {
  it('terminal: login prompts for username and password, and never shows the password', async (t) => {
    const registry = await startRegistry(t)
    await registry.addUser('ada')
    const machine = await Machine.start(t)
    const terminal = machine.terminal(['login', '--registry', registry.url])
    await terminal.see('Username')
    terminal.type(`ada${enter}`)
    await terminal.see('Password')
    terminal.type(password)
    await terminal.see('*'.repeat(password.length))
    terminal.type(enter)
    await terminal.see(`Make ${registry.url} your default registry?`)
    assert.match(terminal.text, /Logging in to http:\S+\n[^]*✓ Logged in as ada\n/)
    terminal.type(enter)
    assert.equal(await terminal.ended, 0)
    assert.match(terminal.text, /✓ Set registry = http:/)
    assert.deepEqual(JSON.parse(await machine.file('config.json')), {registry: registry.url})
    const again = machine.terminal(['login', '--registry', registry.url, '--username', 'ada'])
    await again.see('Password')
    again.type(password + enter)
    assert.equal(await again.ended, 0)
    assert.ok(!again.text.includes('default registry?'))
    assert.ok(!terminal.raw.includes('horse'))
    const stored = JSON.parse(await machine.file('credentials.json')) as object
    assert.deepEqual(Object.keys(stored), ['registry', 'accessToken', 'refreshToken', 'username'])
  })

  it('terminal: login prompts for a second factor if the account has one, retries a wrong code, and accepts a recovery code once', async (t) => {
    const registry = await startRegistry(t)
    const id = await registry.addUser('ada')
    const totpSecret = createTotpSecret()
    const recoveryHashes = [hashRecoveryCode('abcde-fghjk-mnpqr-stvwx')]
    await registry.store.users.enrollMfa(id, {totpSecret, recoveryHashes}, operator, registry.clock.now.getTime())
    const machine = await Machine.start(t)
    const login = async (...codes: string[]) => {
      const terminal = machine.terminal(['login', '--registry', registry.url, '--username', 'ada'])
      await terminal.see('Password')
      terminal.type(password + enter)
      for (const [index, code] of codes.entries()) {
        await terminal.see(
          index === 0 ? /Authentication code/ : /The code is wrong or was already used[^]*Authentication code/,
        )
        terminal.type(code + enter)
      }
      await terminal.see('default registry?')
      terminal.type(`n${enter}`)
      return {exitCode: await terminal.ended, text: terminal.text}
    }
    const totp = new TOTP({secret: Secret.fromBase32(totpSecret)})
    const code = totp.generate({timestamp: registry.clock.now.getTime()})

    assert.equal((await login(code)).exitCode, 0)
    const again = await login(code, 'ABCDE FGHJK MNPQR STVWX')
    assert.equal(again.exitCode, 0)
    assert.match(again.text, /The code is wrong or was already used/)
    registry.clock.advance(120_000)
    const used = await login('abcde-fghjk-mnpqr-stvwx', totp.generate({timestamp: registry.clock.now.getTime()}))
    assert.equal(used.exitCode, 0)
    assert.match(used.text, /The code is wrong or was already used/)
  })

  it('terminal: login asks again after a wrong password or none, and gives up after three', async (t) => {
    const registry = await startRegistry(t)
    await registry.addUser('ada')
    const machine = await Machine.start(t)
    const login = (...args: string[]) => machine.terminal(['login', ...args], {APKG_REGISTRY: registry.url})
    const terminal = login()
    await terminal.see('Username')
    terminal.type(`adda${enter}`)
    await terminal.see('Password')
    terminal.type(enter)
    await terminal.see('Nothing was entered. Password')
    terminal.type(password + enter)
    await terminal.see(/Wrong username or password\. Try again\.\n[^]*Username \(adda\)/)
    terminal.type(`ada${enter}`)
    await terminal.see(/Try again[^]*Password/)
    terminal.type(password + enter)
    assert.equal(await terminal.ended, 0, terminal.text)
    const wrong = login('--username', 'ada')
    for (const question of [/Password/, /Try again\.\n[^]*Password/, /(?:Try again[^]*){2}Password/]) {
      await wrong.see(question)
      wrong.type(`wrong${enter}`)
    }
    assert.equal(await wrong.ended, 4)
    assert.match(wrong.text, /Error: Login to http:\S+ failed: Wrong username or password/)
  })

  it('terminal: login asks for nothing if the registry is unreachable', async (t) => {
    const machine = await Machine.start(t)
    const terminal = machine.terminal(['login', '--registry', 'http://127.0.0.1:1'])
    assert.equal(await terminal.ended, 5)
    assert.match(terminal.text, /^Logging in to http:\/\/127\.0\.0\.1:1\n/)
    assert.match(terminal.text, /Error: Cannot log in at http:\/\/127\.0\.0\.1:1: connection refused/)
    assert.doesNotMatch(terminal.text, /Username/)
  })

  it('terminal: token create suggests a label, and prints the value without colors', async (t) => {
    const {machine, registry} = await loggedIn(t)
    const terminal = machine.terminal(['token', 'create'], {APKG_REGISTRY: registry.url})
    await terminal.see(/Label .*@.*-\d{8}/)
    terminal.type(enter)
    assert.equal(await terminal.ended, 0)
    assert.match(terminal.raw, /\napkgt_[0-9A-Za-z]{38}\r\n$/)
  })

  it('terminal: token revoke revokes the selected tokens only', async (t) => {
    const {machine, registry, env} = await loggedIn(t)
    for (const label of ['one', 'two', 'three']) {
      registry.clock.advance(1000)
      await machine.apkg(['token', 'create', '--label', label], {env})
    }
    const terminal = machine.terminal(['token', 'revoke'], env)
    await terminal.see('Select tokens to revoke')
    await terminal.see(/three/)
    terminal.type(space + down + down + space)
    await terminal.see(/\[x\] three/)
    terminal.type(enter)
    assert.equal(await terminal.ended, 0)
    const {stdout} = await machine.apkg(['token', 'list', '--json'], {env})
    const {tokens} = JSON.parse(stdout) as {tokens: {label: string}[]}
    assert.deepEqual(
      tokens.map(({label}) => label),
      ['two'],
    )
  })

  it('terminal: prompts twice for the passphrase of a new key, once for that of an existing one, and never shows it', async (t) => {
    const {machine, env} = await loggedIn(t)
    const passphrase = 'open sesame'
    const generate = machine.terminal(['key', 'generate'], env)
    await generate.see(/Key name .*@/)
    generate.type(enter)
    await generate.see('Passphrase for the new key')
    generate.type(passphrase + enter)
    await generate.see('Confirm passphrase')
    generate.type(passphrase + enter)
    assert.equal(await generate.ended, 0)
    const [id = ''] = /SHA256:\S+=$/m.exec(generate.text) ?? []
    assert.equal((await machine.apkg(['key', 'register', '--key-id', id], {env})).exitCode, 0)
    const rotate = machine.terminal(['key', 'rotate', id], env)
    await rotate.see('Passphrase for the signing key')
    rotate.type(passphrase + enter)
    await rotate.see('Passphrase for the new key')
    rotate.type(enter)
    assert.equal(await rotate.ended, 0)
    assert.ok(!(generate.raw + rotate.raw).includes('sesame'))
  })

  it('terminal: Ctrl-C or Ctrl-D at a prompt ends with 130 and changes nothing', async (t) => {
    const {machine, registry} = await loggedIn(t)
    const before = await machine.file('credentials.json')
    const keys = [ctrlC, ctrlD]
    for (const [args, key] of [['login'], ['token', 'create']].flatMap((each) =>
      keys.map((key) => [each, key] as const),
    )) {
      const terminal = machine.terminal(args, {APKG_REGISTRY: registry.url})
      await terminal.see(/Username|Label/)
      terminal.type(key)
      assert.equal(await terminal.ended, 130, `${args.join(' ')} ${JSON.stringify(key)}`)
      assert.doesNotMatch(terminal.text, /Error/)
    }
    assert.equal(await machine.file('credentials.json'), before)
    assert.deepEqual(await registry.liveTokens(), [])
  })

  it('terminal: a table fits the width, with colors only outside the data', async (t) => {
    const {machine, env} = await loggedIn(t)
    await machine.apkg(['token', 'create', '--label', 'ci 🚀', '--scopes', 'read'], {env})
    const terminal = machine.terminal(['token', 'list'], env)
    assert.equal(await terminal.ended, 0)
    const [titles = '', row = ''] = terminal.text.trim().split('\n')
    assert.match(titles, /^LABEL {2,}ID {2,}PREFIX {2,}SCOPES {2,}PACKAGES {2,}CREATED {2,}LAST USED {2,}EXPIRES$/)
    assert.match(row, /^ci 🚀 {2,}\w{16} {2}apkgt_\w{6} {2}read {4}\* {9}(now|.+ ago|in .+?) {2,}never {6}never$/)
  })
})
