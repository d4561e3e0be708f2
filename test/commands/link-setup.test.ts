import assert from 'node:assert/strict'
import {existsSync} from 'node:fs'
import {mkdir, readFile, rm, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import Add from '../../src/commands/add.js'
import Install from '../../src/commands/install.js'
import Link from '../../src/commands/link.js'
import Remove from '../../src/commands/remove.js'
import Setup from '../../src/commands/setup.js'
import Unlink from '../../src/commands/unlink.js'
import {makeTree} from '../support/make-tree.js'
import {startPlainRegistry} from '../support/plain-registry.js'
import {startProject} from '../support/project.js'

const skill = (text: string) => `---\nname: review\ndescription: Reviews code.\n---\n${text}\n`

const placed = '.claude/skills/ada-review/SKILL.md'

/** A project for Claude Code, and a directory where `@ada/review` is developed. */
async function start(t: TestContext) {
  const registry = await startPlainRegistry(t)
  await registry.put({name: '@ada/review', files: {'SKILL.md': skill('Published.')}})
  await registry.put({name: '@ada/other', files: {'SKILL.md': skill('Other.')}})
  const project = await startProject(t, registry.url)
  await mkdir(project.at('.claude'))
  const work = await makeTree(t, {
    'apkg.json': JSON.stringify({name: '@ada/review', version: '9.0.0', type: 'skill'}),
    'SKILL.md': skill('First.'),
    'notes.md': 'Notes.\n',
    '.env': 'SECRET=1\n',
  })
  const text = () => readFile(project.at(placed), 'utf8')
  return {project, work, text, edit: (next: string) => writeFile(path.join(work, 'SKILL.md'), skill(next))}
}

describe('the tool setup of a linked package', () => {
  it('link: sets up tools with the files that would be published', async (t) => {
    const {project, work, text} = await start(t)
    const {stdout, stderr} = await project.succeed(Link, [work])
    assert.match(stderr, /^Detected tools: Claude Code$/m)
    assert.match(stdout, /^Created: \.claude\/skills\/ada-review\/SKILL\.md$/m)
    assert.match(await text(), /First\./)
    assert.ok(existsSync(project.at('.claude/skills/ada-review/notes.md')))
    assert.ok(!existsSync(project.at('.claude/skills/ada-review/.env')))
    const check = JSON.parse((await project.succeed(Setup, ['--check', '--json'])).stdout)
    assert.deepEqual(
      check.packages.map(({package: name, version, state}: Record<string, string>) => [name, version, state]),
      [['@ada/review', '9.0.0', 'loads']],
    )
  })

  it('link: the tool files do not change until link or setup runs again', async (t) => {
    const {project, work, text, edit} = await start(t)
    await project.succeed(Link, [work])
    await edit('Second.')
    const check = await project.succeed(Setup, ['--check'])
    assert.match(check.stdout, /outdated/)
    await project.succeed(Add, ['@ada/other'])
    await project.succeed(Install)
    assert.match(await text(), /First\./)
    await project.succeed(Link, [work])
    assert.match(await text(), /Second\./)
    await edit('Third.')
    await project.succeed(Setup)
    assert.match(await text(), /Third\./)
  })

  it('link: replaces the files of the installed version, which unlink restores and remove deletes', async (t) => {
    const {project, work, text} = await start(t)
    await project.succeed(Add, ['@ada/review'])
    assert.match(await text(), /Published\./)
    await project.succeed(Link, [work])
    assert.match(await text(), /First\./)
    await project.succeed(Unlink, ['@ada/review'])
    assert.match(await text(), /Published\./)
    await project.succeed(Link, [work])
    await project.succeed(Remove, ['@ada/review'])
    assert.ok(!existsSync(project.at(placed)))
  })

  it('link: --no-setup writes no tool files, and --setup selects the tool', async (t) => {
    const {project, work} = await start(t)
    await project.succeed(Link, [work, '--no-setup'])
    assert.ok(!existsSync(project.at(placed)))
    await project.succeed(Link, [work, '--setup', 'kiro'])
    assert.ok(!existsSync(project.at(placed)))
    assert.ok(existsSync(project.at('.kiro/skills/ada-review/SKILL.md')))
  })

  it('link: a package that tools cannot read is linked, and the reason is printed', async (t) => {
    const {project, work} = await start(t)
    await project.succeed(Link, [work])
    await rm(path.join(work, 'SKILL.md'))
    const broken = await project.succeed(Link, [work])
    assert.match(broken.stderr, /^Not set up: @ada\/review \(a skill needs SKILL\.md.*\)$/m)
    assert.ok(!existsSync(project.at(placed)))
    const checked = await project.run(Setup, ['--check'])
    assert.equal(checked.exitCode, 1)
    await writeFile(path.join(work, 'apkg.json'), '{')
    const check = await project.run(Setup, ['--check'])
    assert.match(check.stderr, /Invalid manifest/)
  })
})
