#!/usr/bin/env node
/** Takes the screenshots of the registry's pages: `node tools/web/screenshots.js`. Needs Chromium, as Debian has it. */
import {fileURLToPath} from 'node:url'

import {chromium} from 'playwright-core'

import {startExampleSite} from './example-site.js'

const images = fileURLToPath(new URL('../../docs/images/', import.meta.url))

const shots = [
  {name: 'web-home', path: '/'},
  {name: 'web-search', path: '/-/search?q=review', height: 420},
  {name: 'web-package', path: '/@ada/review'},
  {name: 'web-package-dark', path: '/@ada/review', colorScheme: 'dark'},
  {name: 'web-package-narrow', path: '/@ada/review', width: 360, height: 760},
  {name: 'web-tools', path: '/-/tools/@ada/review/1.2.0', height: 1100},
  {name: 'web-files', path: '/-/files/@ada/review/1.2.0', height: 640},
  {name: 'web-file', path: '/-/files/@ada/review/1.2.0?path=SKILL.md', height: 720, colorScheme: 'dark'},
]

const site = await startExampleSite()
const browser = await chromium.launch({executablePath: '/usr/bin/chromium', args: ['--no-sandbox']})
try {
  for (const {name, path, width = 1120, height = 900, colorScheme = 'light'} of shots) {
    const page = await browser.newPage({viewport: {width, height}, colorScheme})
    // An address that is the same each time, and no scrollbar.
    await page.route('**/*', async (route) => {
      const response = await route.fetch()
      const isPage = response.headers()['content-type']?.startsWith('text/html')
      const text = isPage ? (await response.text()).replaceAll(site.url, 'https://registry.example.com') : undefined
      await route.fulfill({response, ...(isPage && {body: text})})
    })
    await page.goto(site.url + path)
    await page.screenshot({path: `${images}${name}.png`})
    await page.close()
  }
} finally {
  await browser.close()
  await site.stop()
}
