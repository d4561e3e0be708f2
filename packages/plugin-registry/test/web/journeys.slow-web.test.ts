import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {hostileTexts} from '../support/hostile-readmes.js'
import {packageOf} from '../support/uploads.js'
import {createWebWorld, upload} from '../support/web.js'
import {type CleanupScope, password, type World} from '../support/world.js'
import {launch, openPage, overflowOf, seriousProblems} from './browser.js'

const readme = `# Review

[guide](docs/guide.md) and ![remote](https://images.example/x.png)

| a very wide table | ${'column | '.repeat(20)}
| --- | ${'--- | '.repeat(20)}
| 1 | ${'2 | '.repeat(20)}

${'long'.repeat(100)}

- [x] task

> [!NOTE]
> Note
`

const files = {
  'README.md': readme,
  'SKILL.md':
    '---\nname: review\ndescription: Reviews\nallowed-tools: Bash(git diff:*)\n---\n\nhttps://rules.example\n',
  'docs/guide.md': 'The guide\n',
  [`docs/${'deep/'.repeat(20)}file.md`]: 'deep\n',
}

/** A registry that listens, with packages. @returns its origin */
async function serve(
  t: CleanupScope,
): Promise<{world: World; origin: string; token: string; idle: () => Promise<void>}> {
  const {world, previews, token} = await createWebWorld(t)
  const origin = await world.app.listen({port: 0, host: '127.0.0.1'})
  await upload(world, token, await packageOf({name: '@ada/review', description: 'Reviews changes'}, files))
  await upload(world, token, await packageOf({name: '@ada/review', version: '1.1.0', description: 'Reviews'}, files))
  await upload(world, token, await packageOf({name: '@ada/other', description: 'Another package'}, files))
  const day = Math.floor(world.now() / 86_400_000) * 86_400_000
  await world.store.downloads.add([{name: '@ada/review', day, count: 1234}])
  await world.store.downloads.refreshMostInstalled('test', day, world.now())
  await previews.idle()
  return {world, origin, token, idle: () => previews.idle()}
}

const pages = [
  '/',
  '/-/search?q=review',
  '/-/search?q=nothing-like-this',
  '/@ada/review',
  '/@ada/review/v/1.0.0',
  '/-/tools/@ada/review/1.1.0',
  '/-/files/@ada/review/1.1.0',
  '/-/files/@ada/review/1.1.0?path=SKILL.md',
  '/@ada/none',
  '/@ada',
  '/-/dependents/@ada/review',
  '/-/dependencies/@ada/review/1.1.0',
]

describe('journeys in a browser', () => {
  for (const javaScriptEnabled of [true, false]) {
    it(`journey: home, search, package, files ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, async (t) => {
      const {origin} = await serve(t)
      const {page, problems} = await openPage(await launch(t), origin, {javaScriptEnabled})
      await page.goto(origin)
      // By keyboard alone.
      await page.focus('#find')
      await page.keyboard.type('review')
      await page.keyboard.press('Enter')
      await page.waitForURL(/\/-\/search\?q=review/)
      await page.getByRole('link', {name: '@ada/review'}).focus()
      await page.keyboard.press('Enter')
      await page.waitForURL(/\/@ada\/review$/)
      assert.match(await page.title(), /@ada\/review 1\.1\.0/)
      assert.equal(
        await page.getByRole('button', {name: 'Copy the install command'}).count(),
        javaScriptEnabled ? 1 : 0,
      )
      await page.getByRole('navigation', {name: 'Version'}).getByRole('link', {name: 'Files'}).click()
      await page.getByRole('link', {name: 'docs/guide.md'}).click()
      assert.match(await page.locator('pre').innerText(), /The guide/)
      await page.getByRole('link', {name: 'In your tools'}).click()
      assert.match(await page.locator('main').innerText(), /Bash\(git diff:\*\) in Claude Code/)
      assert.deepEqual(problems, [])
    })
  }

  it('form: a second click on the button that approves sends nothing', async (t) => {
    const {world} = await createWebWorld(t, {browserLogin: true})
    const origin = await world.app.listen({port: 0, host: '127.0.0.1'})
    const {page, problems} = await openPage(await launch(t), origin)
    await page.goto(`${origin}/-/login?to=%2F-%2Fdevice`)
    await page.getByLabel('Username').fill('ada')
    await page.getByLabel('Password').fill(password)
    await page.getByLabel('Password').press('Enter')
    const {userCode, deviceCode} = (await world.call('POST', '/auth/device', {body: {}})).body
    await page.getByLabel('Code').fill(userCode)
    await page.getByRole('button', {name: 'Continue'}).click()
    await page.getByLabel('Password').fill(password)
    const approve = `document.querySelector('button[value=approve]')`
    const prevented = `(() => {
      const seen = []
      addEventListener('submit', (event) => seen.push(event.defaultPrevented))
      ${approve}.click()
      ${approve}.click()
      return seen
    })()`
    assert.deepEqual(await page.evaluate(prevented), [false, true])
    await page.getByRole('heading', {name: 'Approved'}).waitFor()
    assert.equal((await world.call('POST', '/auth/device/token', {body: {deviceCode}})).body.username, 'ada')
    assert.deepEqual(problems, [])
  })

  it('search as you type: results, address and status follow, and the focus stays', async (t) => {
    const {origin} = await serve(t)
    const {page, problems} = await openPage(await launch(t), origin)
    await page.goto(`${origin}/-/search?q=review`)
    await page.fill('#search', '')
    await page.locator('#search').pressSequentially('another')
    await page.waitForURL(/q=another/)
    await page.getByRole('link', {name: '@ada/other'}).waitFor()
    assert.equal(await page.locator('.results li').count(), 1)
    assert.match((await page.locator('#status').textContent()) ?? '', /1 package/)
    assert.equal(await page.evaluate('document.activeElement.id'), 'search')
    assert.deepEqual(problems, [])
  })

  it('copying: the command is in the clipboard, and the status says so', async (t) => {
    const {origin} = await serve(t)
    const {page} = await openPage(await launch(t), origin, {permissions: ['clipboard-read', 'clipboard-write']})
    await page.goto(`${origin}/@ada/review`)
    await page.getByRole('button', {name: 'Copy the install command'}).click()
    await page.getByText('Copied the install command').waitFor({state: 'attached'})
    assert.equal(await page.evaluate('navigator.clipboard.readText()'), 'apkg add @ada/review')
  })
})

describe('rendered pages', () => {
  for (const [width, colorScheme] of [
    [320, 'light'],
    [320, 'dark'],
    [1280, 'light'],
    [1280, 'dark'],
  ] as const) {
    it(`page at ${width} pixels, ${colorScheme}: nothing serious for axe, and no horizontal scrolling`, async (t) => {
      const {origin} = await serve(t)
      const browser = await launch(t)
      for (const path of pages) {
        const {page, problems} = await openPage(browser, origin, {viewport: {width, height: 800}, colorScheme})
        await page.goto(origin + path)
        assert.equal(await overflowOf(page), 0, path)
        assert.deepEqual(await seriousProblems(page), [], path)
        // The browser reports the status of a missing page on the console.
        if (path !== '/@ada/none') assert.deepEqual(problems, [], path)
        await page.context().close()
      }
    })
  }

  it('page weight: a package page with everything is below 60 kB, in at most 5 requests', async (t) => {
    const {origin} = await serve(t)
    const {page} = await openPage(await launch(t), origin)
    const session = await page.context().newCDPSession(page)
    await session.send('Network.enable')
    let bytes = 0
    let requests = 0
    session.on('Network.loadingFinished', ({encodedDataLength}) => {
      bytes += encodedDataLength
      requests++
    })
    await page.goto(`${origin}/@ada/review`, {waitUntil: 'networkidle'})
    t.diagnostic(`${bytes} bytes in ${requests} requests`)
    assert.ok(bytes > 0 && bytes < 60_000, String(bytes))
    assert.ok(requests <= 5, String(requests))
  })
})

describe('hostile content in a browser', () => {
  it(`hostile readmes: no script of ${hostileTexts.length} runs, and nothing leaves the origin`, async (t) => {
    const {world, origin, token, idle} = await serve(t)
    const {page, problems} = await openPage(await launch(t), origin, {viewport: {width: 320, height: 800}})
    await page.addInitScript('window.alert = () => console.error("ran")')
    // Several texts in one readme, so that a broken one also meets the next.
    for (let start = 0; start < hostileTexts.length; start += 10) {
      const texts = hostileTexts.slice(start, start + 10)
      const content = texts.filter((each) => each.length < 2000 && !each.includes('\0')).join('\n\n')
      const version = `1.0.${start}`
      const skill = `---\nname: x\ndescription: ${JSON.stringify(texts[0]?.slice(0, 100))}\n---\n\n${content}\n`
      const hostile = {'README.md': content, 'SKILL.md': skill, 'a<script>.md': content}
      await upload(
        world,
        token,
        await packageOf({name: '@ada/evil', version, description: texts[0]?.slice(0, 200) ?? ''}, hostile).catch(() =>
          packageOf({name: '@ada/evil', version}, {'README.md': content, 'SKILL.md': skill}),
        ),
      )
      await idle()
      for (const path of [
        `/@ada/evil/v/${version}`,
        `/-/tools/@ada/evil/${version}`,
        `/-/files/@ada/evil/${version}?path=SKILL.md`,
      ]) {
        await page.goto(origin + path)
        assert.equal(await page.locator('main').count(), 1, path)
        assert.equal(await overflowOf(page), 0, path)
      }
    }
    const unexpected = problems.filter((each) => !each.includes('404'))
    assert.deepEqual(unexpected, [])
  })
})
