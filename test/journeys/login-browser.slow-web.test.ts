import assert from 'node:assert/strict'
import {describe, it, type TestContext} from 'node:test'

import type {Page} from 'playwright-core'

import {launch, openPage, overflowOf, seriousProblems} from '../../packages/plugin-registry/test/web/browser.js'
import {fakeOpener} from '../support/browser.js'
import {Machine} from '../support/machine.js'
import {password, startRegistry, type TestRegistry} from '../support/registry.js'

/** A registry with pages, the user's machine, and a browser on it. */
async function start(t: TestContext, javaScriptEnabled: boolean) {
  const registry = await startRegistry(t, {browserLogin: true, browserRequest: {lifetime: 600_000, interval: 1}})
  await registry.addUser('ada')
  const machine = await Machine.start(t)
  const {page} = await openPage(await launch(t), registry.url, {javaScriptEnabled, viewport: {width: 320, height: 640}})
  return {registry, machine, page}
}

/** By keyboard alone. */
async function logIn(page: Page): Promise<void> {
  await page.getByLabel('Username').focus()
  await page.keyboard.type('ada')
  await page.keyboard.press('Tab')
  await page.keyboard.type(password)
  await page.keyboard.press('Enter')
}

async function approve(page: Page): Promise<void> {
  await page.getByLabel('Password').focus()
  await page.keyboard.type(password)
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
}

async function assertUsable(page: Page): Promise<void> {
  assert.deepEqual([await overflowOf(page), await seriousProblems(page)], [0, []], page.url())
}

/** Advances the registry's clock, so that the client doesn't poll too fast for it. */
function keepTime(t: TestContext, {clock}: TestRegistry): void {
  const timer = setInterval(() => {
    clock.advance(1000)
  }, 500)
  t.after(() => {
    clearInterval(timer)
  })
}

describe('a login with a browser', () => {
  for (const javaScriptEnabled of [true, false]) {
    const how = javaScriptEnabled ? 'with' : 'without'

    it(`journey: apkg login opens the browser, which returns to the terminal, ${how} JavaScript`, async (t) => {
      const {registry, machine, page} = await start(t, javaScriptEnabled)
      const {bin, opened} = await fakeOpener(machine.home)
      const env = {PATH: `${bin}:${process.env['PATH']}`, DISPLAY: ':0', APKG_REGISTRY: registry.url}
      const terminal = machine.terminal(['login'], env)
      await page.goto(await opened())
      if (javaScriptEnabled) await assertUsable(page)
      await logIn(page)
      await page.getByRole('heading', {name: 'Log in on the command line'}).waitFor()
      if (javaScriptEnabled) await assertUsable(page)
      await approve(page)
      await page.getByText('You can close this page and return to the terminal.').waitFor()
      await terminal.see('Logged in as ada')
      assert.equal(await terminal.ended, 0)
      assert.match(new URL(page.url()).origin, /^http:\/\/127\.0\.0\.1:\d+$/)
    })

    it(`journey: the code of apkg login --no-browser is typed on another device, ${how} JavaScript`, async (t) => {
      const {registry, machine, page} = await start(t, javaScriptEnabled)
      keepTime(t, registry)
      const terminal = machine.terminal(['login', '--no-browser'], {APKG_REGISTRY: registry.url})
      await terminal.see('enter the code')
      const [, address = '', code = ''] =
        /Open (\S+) in any browser\s+and\s+enter the code\s+(\S+)/.exec(terminal.text) ?? []
      await page.goto(address)
      await logIn(page)
      await page.getByLabel('Code').fill(code.toLowerCase())
      if (javaScriptEnabled) await assertUsable(page)
      await page.keyboard.press('Enter')
      await page.getByRole('heading', {name: 'Log in on the command line'}).waitFor()
      await approve(page)
      await page.getByRole('heading', {name: 'Approved'}).waitFor()
      await terminal.see('Logged in as ada')
      assert.equal(await terminal.ended, 0)
      assert.match((await machine.apkg(['whoami'], {env: {APKG_REGISTRY: registry.url}})).stdout, /^Username: ada$/m)
    })

    it(`journey: a token is created on the account page, ${how} JavaScript`, async (t) => {
      const {registry, machine, page} = await start(t, javaScriptEnabled)
      await page.goto(`${registry.url}/-/account`)
      await logIn(page)
      await page.getByRole('heading', {name: 'API tokens'}).waitFor()
      if (javaScriptEnabled) await assertUsable(page)
      await page.getByRole('link', {name: 'Create a token'}).click()
      await page.getByLabel('Label').waitFor()
      if (javaScriptEnabled) await assertUsable(page)
      await page.getByLabel('Label').fill('ci')
      await page.keyboard.press('Enter')
      const value = await page.locator('output code').innerText()
      if (javaScriptEnabled) await assertUsable(page)
      const env = {APKG_REGISTRY: registry.url, APKG_TOKEN: value.trim()}
      assert.match((await machine.apkg(['whoami'], {env})).stdout, /^Username: ada$/m)
      await page.getByRole('link', {name: 'Token details'}).click()
      await page.getByRole('link', {name: 'Rotate'}).waitFor()
      if (javaScriptEnabled) await assertUsable(page)
      assert.ok(!(await page.content()).includes(value.trim()))
    })
  }
})
