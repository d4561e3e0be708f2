import assert from 'node:assert/strict'
import {existsSync, mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join, posix} from 'node:path'
import {describe, it} from 'node:test'

import {filesBelow, root} from '../workspace.js'
import {layOutPages, packedPage, site} from './packed-pages.js'

const linksOf = (text) => [...text.matchAll(/\]\(([^)\s#]+)(?:#[^)\s]*)?\)/g)].map(([, link]) => link)

describe('the pages in a release', () => {
  it('packed pages: every link leads to a packed file, or to a file of the repository on the web', (t) => {
    const stage = mkdtempSync(join(tmpdir(), 'apkg-pages-'))
    t.after(() => rmSync(stage, {recursive: true}))
    layOutPages(stage)
    const pages = filesBelow(stage)
    for (const file of ['README.md', 'CHANGELOG.md', 'docs/reference.md', 'docs/images/main-job.svg', 'schemas/error.json']) {
      assert.ok(pages.includes(file), `${file} is not packed`)
    }
    for (const file of ['docs/architecture.md', 'docs/tool-formats.md']) {
      assert.ok(!pages.includes(file), `${file} is for contributors`)
    }
    for (const file of pages.filter((path) => path.endsWith('.md'))) {
      for (const link of linksOf(readFileSync(join(stage, file), 'utf8'))) {
        const onSite = /^(?:blob|tree)\/main\/(.*)$/.exec(link.slice(site.length + 1))
        if (link.startsWith(site)) assert.ok(onSite && existsSync(join(root, onSite[1])), `${file}: ${link}`)
        else if (!/^[a-z]+:/.test(link)) assert.ok(existsSync(join(stage, posix.dirname(file), link)), `${file}: ${link}`)
      }
    }
  })

  it('packed pages: a link to a file that is not packed leads to the web and keeps its section', () => {
    const text = '[a](docs/ci.md#x), [b](docs/architecture.md#areas), [c](examples), [d](https://example.com), [e](#f)'
    assert.equal(
      packedPage('README.md', text),
      `[a](docs/ci.md#x), [b](${site}/blob/main/docs/architecture.md#areas), [c](${site}/tree/main/examples), [d](https://example.com), [e](#f)`,
    )
  })

  it('packed pages: the READMEs of the other packages link only to the web, and to existing files', () => {
    for (const name of ['wire', 'package-format', 'command-kit', 'plugin-registry']) {
      const links = linksOf(readFileSync(join(root, 'packages', name, 'README.md'), 'utf8'))
      assert.ok(links.length > 0, `the README of ${name} is without links`)
      for (const link of links) {
        assert.match(link, /^https:/, `${name}: ${link}`)
        const onSite = new RegExp(`^${site}/(?:blob|tree)/main/(.*)$`).exec(link)
        if (onSite) assert.ok(existsSync(join(root, onSite[1])), `${name}: ${link}`)
      }
    }
  })

  it('packed pages: every package.json has a repository, a home page and an issue tracker', () => {
    for (const folder of ['', 'packages/wire', 'packages/package-format', 'packages/command-kit', 'packages/plugin-registry']) {
      const {repository, homepage, bugs} = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
      assert.deepEqual(repository, {type: 'git', url: `git+${site}.git`, ...(folder && {directory: folder})})
      assert.equal(homepage, folder ? `${site}/tree/main/${folder}#readme` : `${site}#readme`)
      assert.equal(bugs, `${site}/issues`)
    }
  })
})
