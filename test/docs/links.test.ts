import assert from 'node:assert/strict'
import {existsSync} from 'node:fs'
import path from 'node:path'
import {it} from 'node:test'

import {inRepository} from '../support/repository.js'
import {proseOf, readPage, readPages, type Page} from './pages.js'

it('docs: every link to a file or a section of this repository resolves', () => {
  const links = readPages().flatMap((page) => linksOf(page).map((link) => ({page, link})))
  assert.ok(links.length > 100)
  const broken = links.filter(({page, link}) => !resolves(page, link)).map(({page, link}) => `${page.file}: ${link}`)
  assert.deepEqual(broken, [])
})

it('docs: every page of docs is linked from another page', () => {
  const pages = readPages()
  const linked = new Set(pages.flatMap((page) => linksOf(page).map((link) => targetOf(page, link).file)))
  const orphans = pages.filter(({file}) => file.startsWith('docs/') && !linked.has(file)).map(({file}) => file)
  assert.deepEqual(orphans, [])
})

function linksOf(page: Page): string[] {
  return [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = '']) => link)
    .filter((link) => !/^[a-z]+:/.test(link))
}

function targetOf({file}: Page, link: string): {file: string; section: string | undefined} {
  const [target = '', section] = link.split('#')
  return {file: target === '' ? file : path.posix.join(path.posix.dirname(file), target), section}
}

function resolves(page: Page, link: string): boolean {
  const {file, section} = targetOf(page, link)
  if (!existsSync(inRepository(file))) return false
  return section === undefined || sectionsOf(readPage(file)).includes(section)
}

/** The anchors that GitHub generates for a page's headings. */
function sectionsOf(page: Page): string[] {
  return [...proseOf(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-'),
  )
}
