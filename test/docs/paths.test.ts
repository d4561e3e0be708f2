import assert from 'node:assert/strict'
import {existsSync} from 'node:fs'
import {it} from 'node:test'

import {inRepository} from '../support/repository.js'
import {proseOf, readPages, type Page} from './pages.js'

/** Pages for contributors, which name files and directories. */
const contributors = /^(CONTRIBUTING|STYLE|SECURITY)\.md$|^docs\/(architecture|testing)\.md$|^docs\/adr\/|^bench\//

it('docs: every path that a page for contributors names exists', () => {
  const paths = readPages()
    .filter(({file}) => contributors.test(file))
    .flatMap((page) => pathsOf(page).map((named) => ({page, named})))
  assert.ok(paths.length > 80)
  const missing = paths.filter(({named}) => !existsSync(inRepository(named)))
  assert.deepEqual(
    missing.map(({page, named}) => `${page.file}: ${named}`),
    [],
  )
})

/** Inline code that starts like a path of this repository, except placeholders and patterns. */
function pathsOf(page: Page): string[] {
  return [...proseOf(page).matchAll(/`((?:bench|bin|docs|examples|packages|src|test|tools|\.ci)\/[^`\s]*)`/g)]
    .map(([, named = '']) => named)
    .filter((named) => !/[<*{]/.test(named))
}
