import {createRequire} from 'node:module'

import {type Browser, type BrowserContextOptions, chromium, type Page} from 'playwright-core'

import type {CleanupScope} from '../support/world.js'

/** Debian's. Tests fail without it, so that they can't be skipped by accident. */
const executablePath = process.env['TEST_CHROMIUM'] ?? '/usr/bin/chromium'

const axeScript = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

/** Starts Chromium, which can't resolve any name. */
export async function launch(t: CleanupScope): Promise<Browser> {
  const args = ['--no-sandbox', '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1']
  const browser = await chromium.launch({executablePath, args})
  t.after(() => browser.close())
  return browser
}

/** A page that records what could go wrong: requests to other origins, and what the policy blocked. */
export interface WatchedPage {
  page: Page
  /** What happened that must not, in words. */
  problems: string[]
}

export async function openPage(
  browser: Browser,
  origin: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext(options)
  const page = await context.newPage()
  const problems: string[] = []
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== origin) problems.push(`requested ${request.url()}`)
  })
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text())
  })
  page.on('pageerror', (error) => problems.push(error.message))
  page.on('dialog', (dialog) => {
    problems.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  return {page, problems}
}

/** The accessibility problems of a page that axe calls serious or critical. */
export async function seriousProblems(page: Page): Promise<string[]> {
  // With the page's own policy, an injected element would be blocked; evaluated text isn't.
  const {readFileSync} = await import('node:fs')
  await page.evaluate(readFileSync(axeScript, 'utf8'))
  const violations = await page.evaluate<{id: string; impact: string; nodes: {html: string}[]}[]>(
    `axe.run().then(({violations}) => violations.map(({id, impact, nodes}) => ({id, impact, nodes: nodes.map(({html}) => ({html}))})))`,
  )
  return violations
    .filter(({impact}) => impact === 'serious' || impact === 'critical')
    .map(({id, nodes}) => `${id}: ${nodes.map(({html}) => html.slice(0, 200)).join(' | ')}`)
}

/** By how many pixels a page is wider than its window. */
export async function overflowOf(page: Page): Promise<number> {
  return page.evaluate<number>('Math.max(0, document.documentElement.scrollWidth - innerWidth)')
}
