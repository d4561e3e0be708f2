import assert from 'node:assert/strict'
import {execFileSync} from 'node:child_process'
import {existsSync} from 'node:fs'
import {mkdir, readFile, rename, symlink, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import {Machine} from '../support/machine.js'
import {startPlainRegistry} from '../support/plain-registry.js'

const enter = '\r'
const space = ' '
const up = '\u001B[A'
const down = '\u001B[B'
const ctrlC = '\u0003'
const question = 'Which tools do you use in this project?'

/** With tabs and a number that JSON.stringify would respell. */
const manifest = '{\n\t"name": "@ada/project", "version": "1.0.0",\n\t"type": "project",\n\t"x": 1.50\n}\n'

/** A project that shows no tool. */
async function start(t: TestContext) {
  const registry = await startPlainRegistry(t)
  await registry.put({
    name: '@ada/review',
    files: {'SKILL.md': '---\nname: review\ndescription: Reviews\n---\nReview.\n'},
  })
  await registry.put({name: '@ada/more', files: {'SKILL.md': '---\nname: more\ndescription: More\n---\nMore.\n'}})
  await registry.put({name: '@ada/lib', type: 'library'})
  const machine = await Machine.start(t)
  const folder = path.join(machine.home, 'project')
  await mkdir(folder)
  const at = (file: string) => path.join(folder, file)
  await writeFile(at('apkg.json'), manifest)
  const env = {APKG_REGISTRY: registry.url}
  return {
    at,
    terminal: (args: string[], more: NodeJS.ProcessEnv = {}) => machine.terminal(args, {...env, ...more}, folder),
    apkg: (...args: string[]) => machine.apkg(args, {env, cwd: folder}),
    text: () => readFile(at('apkg.json'), 'utf8'),
  }
}

const skill = (folder: string, name = 'ada-review') => `${folder}/skills/${name}/SKILL.md`

describe('the question which tools to set up', () => {
  it('add on a terminal: asks for the tools once, saves them in apkg.json and sets them up', async (t) => {
    const {at, terminal, text} = await start(t)
    const first = terminal(['add', '@ada/review'])
    await first.see(question)
    assert.match(first.text, /Claude Code[^]*Cursor[^]*Codex/)
    first.type(space + down + space + enter)
    assert.equal(await first.ended, 0, first.text)
    assert.match(first.text, /Saved your choice to `tools` in apkg\.json/)
    const saved = '\t"tools": [\n\t\t"claude-code",\n\t\t"cursor"\n\t]'
    assert.equal(
      await text(),
      manifest.replace('1.50\n', `1.50,\n\t"dependencies": {\n\t\t"@ada/review": "^1.0.0"\n\t},\n${saved}\n`),
    )
    assert.ok(existsSync(at(skill('.claude'))) && existsSync(at(skill('.agents'))))
    const second = terminal(['add', '@ada/more'])
    assert.equal(await second.ended, 0, second.text)
    assert.ok(!second.text.includes(question))
    assert.ok(existsSync(at(skill('.claude', 'ada-more'))))
  })

  it('install on a terminal: asks too, requires an answer, and None is remembered', async (t) => {
    const {at, terminal, text} = await start(t)
    await writeFile(at('apkg.json'), manifest.replace('1.50\n', '1.50,\n\t"dependencies": {"@ada/review": "*"}\n'))
    const first = terminal(['install'])
    await first.see(question)
    first.type(enter)
    await first.see(/At least one/)
    // The list is circular, and None is its last choice.
    first.type(`${up}${space}${enter}`)
    assert.equal(await first.ended, 0, first.text)
    assert.deepEqual((JSON.parse(await text()) as {tools: unknown}).tools, [])
    assert.ok(!existsSync(at('.agents')) && !existsSync(at('.claude')))
    const second = terminal(['install'])
    assert.equal(await second.ended, 0)
    assert.ok(!second.text.includes(question))
  })

  it('add on a terminal: Ctrl-C at the question keeps the packages and saves nothing', async (t) => {
    const {at, terminal, text} = await start(t)
    const first = terminal(['add', '@ada/review'])
    await first.see(question)
    first.type(ctrlC)
    assert.equal(await first.ended, 130, first.text)
    assert.ok(existsSync(at('apkg_packages/@ada/review/SKILL.md')) && !existsSync(at('.agents')))
    assert.ok(!(await text()).includes('tools'))
    const second = terminal(['install'])
    await second.see(question)
    await second.close()
  })

  for (const [title, args, env, files] of [
    ['with --setup', ['add', '@ada/review', '--setup', 'kiro'], {}, ['.kiro']],
    ['with --no-setup', ['add', '@ada/review', '--no-setup'], {}, []],
    ['with --json', ['add', '@ada/review', '--json'], {}, ['.agents']],
    ['in CI', ['add', '@ada/review'], {CI: 'true'}, ['.agents']],
    ['for a library', ['add', '@ada/lib'], {}, []],
  ] as const) {
    it(`add on a terminal: does not ask ${title}`, async (t) => {
      const {at, terminal, text} = await start(t)
      const only = terminal([...args], env)
      assert.equal(await only.ended, 0, only.text)
      assert.ok(!only.text.includes(question), only.text)
      assert.ok(!(await text()).includes('"tools"'))
      for (const folder of ['.kiro', '.agents', '.claude']) {
        assert.equal(existsSync(at(skill(folder))), (files as readonly string[]).includes(folder), folder)
      }
    })
  }

  it('install --frozen-lockfile on a terminal: does not ask, because it never writes apkg.json', async (t) => {
    const {at, terminal, apkg, text} = await start(t)
    assert.equal((await apkg('add', '@ada/review', '--no-setup')).exitCode, 0)
    const before = await text()
    const only = terminal(['install', '--frozen-lockfile'])
    assert.equal(await only.ended, 0, only.text)
    assert.equal(await text(), before)
    assert.ok(existsSync(at(skill('.agents'))))
  })

  it('install on a terminal: does not ask if the user has settings', async (t) => {
    const {at, terminal, apkg} = await start(t)
    assert.equal((await apkg('config', 'set', 'defaultSetup.kiro', 'true')).exitCode, 0)
    const only = terminal(['add', '@ada/review'])
    assert.equal(await only.ended, 0, only.text)
    assert.ok(existsSync(at(skill('.kiro'))) && !only.text.includes(question))
  })

  it('install on a terminal: sets up the choice even if it cannot be saved', async (t) => {
    const {at, terminal, apkg, text} = await start(t)
    assert.equal((await apkg('add', '@ada/review', '--no-setup')).exitCode, 0)
    // apkg doesn't write through a link that leaves the project.
    const outside = path.join(path.dirname(at('.')), 'apkg.json.outside')
    await rename(at('apkg.json'), outside)
    await symlink(outside, at('apkg.json'))
    const before = await text()
    const first = terminal(['install'])
    await first.see(question)
    first.type(space + enter)
    assert.equal(await first.ended, 0, first.text)
    assert.match(first.text, /Your choice was not saved/)
    assert.equal(await text(), before)
    assert.ok(existsSync(at(skill('.claude'))))
  })

  it('add on a terminal: asks about .gitignore too, in a git repository', async (t) => {
    const {at, terminal} = await start(t)
    execFileSync('git', ['init', '--quiet', at('.')])
    const first = terminal(['add', '@ada/review', '--setup', 'kiro'])
    await first.see('Add apkg_packages/ to .gitignore?')
    first.type(enter)
    assert.equal(await first.ended, 0, first.text)
    assert.match(first.text, /✓ Added apkg_packages\/ to \.gitignore/)
    assert.equal(await readFile(at('.gitignore'), 'utf8'), 'apkg_packages/\n')
    const second = terminal(['add', '@ada/more', '--setup', 'kiro'])
    assert.equal(await second.ended, 0, second.text)
    assert.ok(!second.text.includes('.gitignore'))
  })

  it('add without a terminal: sets up .agents/skills and names the flag that chooses otherwise', async (t) => {
    const {at, apkg, text} = await start(t)
    const {stderr, exitCode} = await apkg('add', '@ada/review')
    assert.equal(exitCode, 0)
    assert.match(stderr, /^No tools detected\. Skills go to \.agents\/skills, .* use --setup$/m)
    assert.ok(existsSync(at(skill('.agents'))))
    assert.ok(!(await text()).includes('"tools"'))
  })
})
