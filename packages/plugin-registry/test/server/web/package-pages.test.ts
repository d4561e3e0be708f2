import assert from 'node:assert/strict'
import {mkdirSync, readdirSync, rmSync, statSync} from 'node:fs'
import {join} from 'node:path'
import {describe, it} from 'node:test'

import {recipe} from '../../../src/server/previews/preview.js'
import {operator} from '../../../src/server/store/store.js'
import {packageOf} from '../../support/uploads.js'
import {createWebWorld, getPage, upload} from '../../support/web.js'

const skill = (fields: string, body: string) => `---\nname: tool\ndescription: A tool\n${fields}---\n\n${body}\n`

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

const first = {
  'README.md': '# Tool\n\n[guide](docs/guide.md) ![pic](pic.png)\n\n| a |\n| - |\n| b |\n\n> [!WARNING]\n> Careful\n',
  'SKILL.md': skill('allowed-tools: Read\n', 'Do it.'),
  'docs/guide.md': 'The guide',
  'pic.png': png,
  'evil.svg': '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
}
const second = {
  ...first,
  'README.md': '# Second\n',
  'SKILL.md': skill('allowed-tools: Read, Bash(git diff:*)\n', 'See https://rules.example.com and a\u200Bb.'),
  'run.sh': '#!/bin/sh\n',
}

/** The bytes that the files in a directory take. */
function sizeOf(folder: string): number {
  const files = readdirSync(folder, {recursive: true}).map((each) => statSync(join(folder, String(each))))
  return files.reduce((total, each) => total + (each.isFile() ? each.size : 0), 0)
}

describe('the pages of a package', () => {
  it('package pages: show the readme, the files and what it does in tools, of each version', async (t) => {
    const {world, previews, token} = await createWebWorld(t)
    await upload(world, token, await packageOf({name: '@ada/tool', description: 'A <b>tool</b>'}, first))
    await upload(world, token, await packageOf({name: '@ada/tool', version: '1.1.0'}, second))
    await previews.idle()

    const old = await getPage(world, '/@ada/tool/v/1.0.0')
    assert.match(old.html, /<h2[^>]*>Tool<\/h2>/)
    assert.match(old.html, /href="\/-\/files\/@ada\/tool\/1.0.0\?path=docs%2Fguide.md"/)
    assert.match(old.html, /src="\/-\/raw\/@ada\/tool\/1.0.0\?path=pic.png"/)
    assert.match(old.html, /class="alert alert-warning"/)
    assert.match(old.html, /A &lt;b>tool&lt;\/b>/)
    assert.match(old.html, /apkg add @ada\/tool@1.0.0/)

    const latest = await getPage(world, '/@ada/tool')
    assert.match(latest.html, /<h2[^>]*>Second<\/h2>/)

    const tools = (await getPage(world, '/-/tools/@ada/tool/1.1.0')).html
    assert.match(tools, /Bash\(git diff:\*\) in Claude Code/)
    assert.match(tools, /rules\.example\.com/)
    assert.match(tools, /U\+200B/)
    assert.match(tools, /class="added">[^]*?allowed without asking: Bash\(git diff:\*\) in Claude Code/)
    assert.match(tools, /host: SKILL\.md:\d+: rules\.example\.com/)
    assert.match(tools, /<code class="wrap"><bdi>run\.sh<\/bdi><\/code>/)
    assert.doesNotMatch(tools, /\bsafe\b/)
    const [, link = ''] = /href="(\/-\/tools\/[^"]*tool=claude-code[^"]*)"/.exec(tools) ?? []
    const file = await getPage(world, link.replaceAll('&amp;', '&'))
    assert.match(file.html, /allowed-tools: Read, Bash\(git diff:\*\)/)
    assert.match(file.html, /a<mark class="hidden-character">U\+200B<\/mark>b/)

    const files = (await getPage(world, '/-/files/@ada/tool/1.0.0')).html
    assert.match(files, /docs\/guide\.md/)
    const guide = await getPage(world, '/-/files/@ada/tool/1.0.0?path=docs/guide.md')
    assert.match(guide.html, /The guide/)
    assert.equal((await getPage(world, '/-/files/@ada/tool/1.0.0?path=docs')).status, 200)
    assert.equal((await getPage(world, '/-/files/@ada/tool/1.0.0?path=none')).status, 404)
    const svg = await getPage(world, '/-/files/@ada/tool/1.0.0?path=evil.svg')
    assert.match(svg.html, /&lt;script>alert\(1\)/)
  })

  it('package files: an image is sent with its type, anything else as a download in a sandbox', async (t) => {
    const {world, previews, token} = await createWebWorld(t)
    await upload(world, token, await packageOf({name: '@ada/tool'}, first))
    await previews.idle()
    for (const [path, type, disposition] of [
      ['pic.png', 'image/png', undefined],
      ['evil.svg', 'application/octet-stream', 'attachment'],
      ['SKILL.md', 'application/octet-stream', 'attachment'],
    ] as const) {
      const {headers} = await getPage(world, `/-/raw/@ada/tool/1.0.0?path=${path}`)
      assert.equal(headers['content-type'], type)
      assert.equal(headers['content-disposition'], disposition)
      assert.equal(headers['content-security-policy'], "sandbox; default-src 'none'")
      assert.equal(headers['x-content-type-options'], 'nosniff')
      assert.equal(headers['cross-origin-resource-policy'], 'same-origin')
    }
  })

  it('package pages: a takedown hides a version immediately, and gives the reason', async (t) => {
    const {world, previews, token} = await createWebWorld(t)
    await upload(world, token, await packageOf({name: '@ada/tool'}, first))
    await upload(world, token, await packageOf({name: '@ada/tool', version: '1.1.0'}, second))
    await previews.idle()
    await world.store.packages.takeDown({name: '@ada/tool', version: '1.0.0', reason: 'malware'}, operator, world.now())
    for (const url of [
      '/@ada/tool/v/1.0.0',
      '/-/files/@ada/tool/1.0.0',
      '/-/files/@ada/tool/1.0.0?path=SKILL.md',
      '/-/raw/@ada/tool/1.0.0?path=pic.png',
      '/-/tools/@ada/tool/1.0.0',
    ]) {
      const {status, html} = await getPage(world, url)
      assert.equal(status, 410, url)
      assert.match(html, /malware/)
    }
    assert.doesNotMatch((await getPage(world, '/-/tools/@ada/tool/1.1.0')).html, /Compared with/)
  })

  it('previews: those of tarballs that are gone and of other versions of apkg are deleted, others are kept', async (t) => {
    const {world, previews, token} = await createWebWorld(t)
    await upload(world, token, await packageOf({name: '@ada/tool'}, first))
    await upload(world, token, await packageOf({name: '@ada/tool', version: '1.1.0'}, second))
    await previews.idle()
    const folder = join(world.folder, 'previews')
    mkdirSync(join(folder, `${recipe - 1}-0.1.0`), {recursive: true})
    const files = () => readdirSync(folder, {recursive: true}).filter((each) => /\.(json|bin)$/.test(String(each)))
    assert.equal(files().length, 4)
    await previews.sweep()
    assert.equal(files().length, 4)
    assert.deepEqual(readdirSync(folder), [`${recipe}-0.1.0`])
    await world.query('DELETE FROM blobs WHERE sha256 = (SELECT sha256 FROM versions WHERE version = ?1)', '1.0.0')
    await previews.sweep()
    assert.equal(files().length, 2)
    assert.equal((await getPage(world, '/-/files/@ada/tool/1.1.0?path=run.sh')).status, 200)
  })

  it('previews: a page without one says that it is being prepared, and the next request shows it', async (t) => {
    const {world, previews, token} = await createWebWorld(t)
    await world.publish(token, {name: '@ada/broken', version: '1.0.0', content: 'not a tarball'})
    assert.match((await getPage(world, '/-/files/@ada/broken/1.0.0')).html, /Being prepared/)
    await previews.idle()
    assert.match((await getPage(world, '/-/files/@ada/broken/1.0.0')).html, /Not available/)
    assert.equal((await getPage(world, '/@ada/broken')).status, 200)
  })

  it('private package: its files and tools are the same page as those of one that does not exist', async (t) => {
    const {world, previews, token} = await createWebWorld(t)
    await upload(world, token, await packageOf({name: '@ada/hidden', visibility: 'private'}, first))
    await previews.idle()
    for (const page of ['files', 'raw', 'tools']) {
      const [hidden, none] = await Promise.all(
        ['hidden', 'absent'].map((name) => getPage(world, `/-/${page}/@ada/${name}/1.0.0?path=SKILL.md`)),
      )
      assert.equal(hidden!.status, 404)
      assert.equal(hidden!.html.length, none!.html.length)
    }
  })

  it('package pages: a readme that becomes very large is shown as text, and neither page nor preview is large', async (t) => {
    const {world, previews, token} = await createWebWorld(t)
    const repeats = `[a]: <http://e.example/${'x'.repeat(10_000)}>\n\n${'[a] '.repeat(2600)}`
    await upload(world, token, await packageOf({name: '@ada/repeats'}, {...first, 'README.md': repeats}))
    await upload(world, token, await packageOf({name: '@ada/long'}, {...first, 'README.md': '"é'.repeat(300_000)}))
    await previews.idle()
    const short = (await getPage(world, '/@ada/repeats')).html
    assert.match(short, /<pre class="plain">\[a]: &lt;http:\/\/e\.example\/xxx/)
    assert.ok(short.length < 64 * 1024)
    assert.doesNotMatch(short, /too long to show/)
    const long = (await getPage(world, '/@ada/long')).html
    assert.match(long, /<pre class="plain">&quot;é/)
    assert.match(long, /too long to show in full\. <a href="[^"]*path=README\.md">/)
    assert.ok(long.length < 600 * 1024)
    assert.doesNotMatch(long, /\uFFFD/)
  })

  it('package files: a text of invisible characters is cut', async (t) => {
    const {world, previews, token} = await createWebWorld(t)
    await upload(world, token, await packageOf({name: '@ada/hidden'}, {...first, 'a.txt': '\u0001'.repeat(500_000)}))
    await previews.idle()
    const {html} = await getPage(world, '/-/files/@ada/hidden/1.0.0?path=a.txt')
    assert.match(html, /U\+0001<\/mark>/)
    assert.match(html, /too large to show in full/)
    assert.ok(html.length < 1.1 * 1024 * 1024)
  })

  it('package pages: lists of many files have pages of 50, and those of tools name how many more there are', async (t) => {
    const {world, previews, token} = await createWebWorld(t)
    const paths = Array.from({length: 1900}, (_, position) => `references/${String(position).padStart(180, '0')}`)
    const many = {...first, ...Object.fromEntries(paths.map((path) => [path, '']))}
    await upload(world, token, await packageOf({name: '@ada/many'}, many))
    await previews.idle()

    const tools = (await getPage(world, '/-/tools/@ada/many/1.0.0')).html
    assert.match(tools, /<span class="faint">1,905 files<\/span>/)
    assert.match(tools, /and 1,855 more/)
    // A file that allows something comes first.
    assert.match(tools, /<strong>Claude Code<\/strong>[^]{0,200}<ul class="plain-list"><li><a [^>]*SKILL\.md/)
    assert.ok(tools.length < 800 * 1024, String(tools.length))

    const found: string[] = []
    let pages = 0
    for (let url: string | undefined = '/-/files/@ada/many/1.0.0?path=references'; url !== undefined; pages++) {
      const {html, status}: {html: string; status: number} = await getPage(world, url.replaceAll('&amp;', '&'))
      assert.equal(status, 200)
      assert.ok(html.length < 64 * 1024)
      const rows = [...html.matchAll(/<td><a [^>]*><bdi>([^<]*)/g)].map(([, path = '']) => path)
      assert.ok(rows.length <= 50)
      found.push(...rows)
      url = /rel="next" href="([^"]*)"/.exec(html)?.[1]
    }
    assert.equal(pages, 38)
    assert.deepEqual(found, paths)
    assert.equal((await getPage(world, '/-/files/@ada/many/1.0.0?after=_w')).status, 404)
  })

  it('package pages: a package with too many files gets a note, and what tools do without asking is still listed', async (t) => {
    const {world, previews, token} = await createWebWorld(t)
    const folders = `${'d'.repeat(200)}/`.repeat(4)
    const paths = Array.from(
      {length: 1990},
      (_, position) => `references/${folders}${String(position).padStart(200, '0')}`,
    )
    const files = {...first, ...Object.fromEntries(paths.map((path) => [path, '']))}
    await upload(world, token, await packageOf({name: '@ada/many'}, files))
    await previews.idle()
    assert.ok(sizeOf(join(world.folder, 'previews')) <= 2 * 1024 * 1024)
    const tools = (await getPage(world, '/-/tools/@ada/many/1.0.0')).html
    assert.match(tools, /too many files to show/)
    assert.match(tools, /Allowed without asking<\/span> <span class="answer">found: 1</)
    assert.match((await getPage(world, '/-/files/@ada/many/1.0.0')).html, /Too many files to show/)
    assert.match((await getPage(world, '/@ada/many')).html, /<h2[^>]*>Tool<\/h2>/)
    assert.equal((await getPage(world, '/-/raw/@ada/many/1.0.0?path=SKILL.md')).status, 404)
  })

  it('package pages: without a readme, the page shows the definition and names it', async (t) => {
    const {world, previews, token} = await createWebWorld(t)
    const body = '# Tool\n\n[guide](docs/guide.md)\n\n<script>alert(1)</script>\n\n---\n\n````\nEnd\n````'
    const hostile = '---\nname: tool\ndescription: |\n  ```\n  <b>bold</b>\n---\n'
    await upload(world, token, await packageOf({name: '@ada/tool'}, {'SKILL.md': `${hostile}${body}\n`}))
    const two = {'agents/one.md': skill('', 'The first.'), 'agents/two.md': skill('', 'The second.')}
    await upload(world, token, await packageOf({name: '@ada/agents', type: 'agent'}, two))
    await upload(world, token, await packageOf({name: '@ada/prompt', type: 'prompt'}, {'prompt.md': 'Ask.'}))
    await previews.idle()

    const {html} = await getPage(world, '/@ada/tool')
    assert.match(html, /This version has no readme\. Its definition is <a href="[^"]*path=SKILL\.md">SKILL\.md<\/a>/)
    assert.match(
      html,
      /<code class="language-yaml">name: tool\ndescription: \|\n {2}```\n {2}&#x3C;b>bold&#x3C;\/b>\n<\/code>/,
    )
    assert.match(html, /<h2[^>]*>Tool<\/h2>/)
    assert.match(html, /href="\/-\/files\/@ada\/tool\/1.0.0\?path=docs%2Fguide.md"/)
    assert.doesNotMatch(html, /alert\(1\)/)

    const agents = (await getPage(world, '/@ada/agents')).html
    assert.match(agents, /Its first definition is <a [^>]*>agents\/one\.md<\/a> \(of 2\)/)
    assert.match(agents, /The first\./)
    assert.doesNotMatch(agents, /The second\./)
    assert.match((await getPage(world, '/@ada/prompt')).html, /<p class="empty">This version has no readme\./)
  })

  it('package pages: the readme that was sent with an upload is only shown until the tarball was read', async (t) => {
    const {world, previews, token} = await createWebWorld(t)
    const {'README.md': _, ...withoutReadme} = first
    const sent = await packageOf({name: '@ada/tool'}, withoutReadme)
    await upload(world, token, {...sent, metadata: {...sent.metadata, readme: 'Another text'}})
    await previews.idle()
    const {html} = await getPage(world, '/@ada/tool')
    assert.match(html, /This version has no readme/)
    assert.doesNotMatch(html, /Another text/)
    rmSync(join(world.folder, 'previews'), {recursive: true})
    assert.match((await getPage(world, '/@ada/tool')).html, /Another text/)
    await previews.idle()
    assert.doesNotMatch((await getPage(world, '/@ada/tool')).html, /Another text/)

    const broken = {name: '@ada/broken', version: '1.0.0', content: 'not a tarball'}
    await world.publish(token, broken)
    await getPage(world, '/@ada/broken')
    await previews.idle()
    assert.match((await getPage(world, '/@ada/broken')).html, /Not available for this version/)
  })
})
