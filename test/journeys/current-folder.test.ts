import assert from 'node:assert/strict'
import {mkdir, readdir, readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'node:test'

import {loggedIn} from '../support/logged-in.js'
import {Machine} from '../support/machine.js'
import {publishPackage, sessionOf} from '../support/publish-package.js'
import {password} from '../support/registry.js'

const skill = '---\nname: base\ndescription: A base\n---\nRead.\n'

describe('the current directory', () => {
  it('current directory: commands in a subdirectory use the project above it', async (t) => {
    const {registry, machine, env} = await loggedIn(t)
    const session = await sessionOf(registry.url, 'ada', password)
    await publishPackage(registry.url, session, {name: '@ada/base', files: {'SKILL.md': skill}})
    const project = path.join(machine.home, 'project')
    const cwd = path.join(project, 'docs', 'deep')
    await mkdir(cwd, {recursive: true})
    await mkdir(path.join(project, '.claude'))
    const manifest = {name: '@ada/tool', version: '1.0.0', type: 'skill', description: 'A tool', license: 'MIT'}
    await writeFile(path.join(project, 'apkg.json'), JSON.stringify({...manifest, visibility: 'private'}))
    await writeFile(path.join(project, 'SKILL.md'), skill)
    const run = async (...args: string[]) => {
      const outcome = await machine.apkg(args, {env, cwd})
      assert.equal(outcome.exitCode, 0, outcome.stderr)
      return outcome
    }
    await run('add', '@ada/base')
    const placed = path.join(project, '.claude/skills/ada-base/SKILL.md')
    assert.match(await readFile(placed, 'utf8'), /Read\./)
    await run('install', '--frozen-lockfile')
    assert.match((await run('list')).stdout, /@ada\/base/)
    assert.match((await run('outdated')).stderr, /up to date/)
    await run('verify')
    await run('update')
    await run('setup', '--check')
    assert.match((await run('complete', '--', 'remove', '')).stdout, /@ada\/base/)
    await run('pack')
    await run('publish')
    await run('link')
    await run('unlink')
    await run('remove', '@ada/base')
    await assert.rejects(readFile(placed), {code: 'ENOENT'})
    assert.deepEqual(await readdir(cwd), [])
  })

  it('current directory: a deleted current directory is reported by commands that need it, and by no other', async (t) => {
    const machine = await Machine.start(t)
    const inDeleted = (args: string) => machine.shell(`mkdir gone; cd gone; rmdir "$PWD"; apkg ${args}`)
    for (const args of ['install', 'init --yes', 'pack', 'add @ada/base', 'list', 'setup', 'publish --offline']) {
      const {stdout, stderr, exitCode} = await inDeleted(args)
      assert.equal(exitCode, 1, args)
      assert.equal(stdout, '', args)
      assert.match(stderr, /^Error: Cannot use the current directory: it no longer exists\n {2}hint: change to/m, args)
      assert.doesNotMatch(stderr, /Unexpected|uv_cwd/, args)
    }
    for (const args of ['config list', 'cache list', 'help', '--version', 'trust list', 'complete -- add ""']) {
      const {stderr, exitCode} = await inDeleted(args)
      assert.equal(exitCode, 0, `${args}: ${stderr}`)
      assert.doesNotMatch(stderr, /Error/, args)
    }
  })
})
