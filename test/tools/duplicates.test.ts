import assert from 'node:assert/strict'
import {rm} from 'node:fs/promises'
import {describe, it, type TestContext} from 'node:test'

import Doctor from '../../src/commands/doctor.js'
import Setup from '../../src/commands/setup.js'
import type {Diagnosis} from '../../src/machine/doctor/run-checks.js'
import type {SetupCheck} from '../../src/tools/check-setup.js'
import {duplicateSentences} from '../../src/tools/duplicates.js'
import type {Draft} from '../support/publish-package.js'
import {startSetUp} from '../support/set-up-project.js'

const skill: Draft = {
  name: '@acme/review',
  files: {'SKILL.md': '---\nname: review\ndescription: Reviews\n---\nReview.\n', 'scripts/a.sh': '#!/bin/sh\n'},
}
const agent: Draft = {name: '@acme/fix', type: 'agent', files: {'fix.md': '---\ndescription: F\n---\nFix.\n'}}

const copies = ['.agents/skills/acme-review/SKILL.md', '.claude/skills/acme-review/SKILL.md']

async function start(t: TestContext, tools: ('claude-code' | 'cursor' | 'codex')[]) {
  const project = await startSetUp(t, [skill, agent])
  await project.setUp(tools)
  const flags = tools.flatMap((tool) => ['--setup', tool])
  return {project, check: () => project.run(Setup, ['--check', ...flags])}
}

const sentence =
  'Cursor lists @acme/review more than once, because it reads .agents/skills and .claude/skills. No action is needed'

describe('duplicate skills', () => {
  it('setup --check: says why Cursor lists a skill twice if Claude Code is set up too, and exits with 0', async (t) => {
    const {check} = await start(t, ['claude-code', 'cursor'])
    const {exitCode, stderr, result} = await check()
    assert.equal(exitCode, 0, stderr)
    assert.deepEqual((result as SetupCheck).duplicates, [{package: '@acme/review', tool: 'cursor', files: copies}])
    assert.match(stderr, new RegExp(`^${sentence}$`, 'm'))
    assert.doesNotMatch(stderr, /Warning/)
  })

  it('setup --check: reports no duplicate for tools that share a copy, or if the other copy is missing', async (t) => {
    const shared = await start(t, ['codex', 'cursor'])
    assert.deepEqual(((await shared.check()).result as SetupCheck).duplicates, [])
    const {project, check} = await start(t, ['claude-code', 'cursor'])
    await rm(project.at('.claude'), {recursive: true})
    const {result, exitCode} = await check()
    assert.deepEqual([exitCode, (result as SetupCheck).duplicates], [1, []])
  })

  it('setup --check: says once why a tool lists several skills twice', () => {
    const found = ['@acme/a', '@acme/b'].map((name) => ({
      ...{package: name, tool: 'cursor'},
      files: ['.agents', '.claude'].map((folder) => `${folder}/skills/${name.slice(1).replace('/', '-')}/SKILL.md`),
    }))
    assert.deepEqual(duplicateSentences(found), [
      'Cursor lists @acme/a, @acme/b more than once, because it reads .agents/skills and .claude/skills. No action is needed',
    ])
  })

  it('doctor: says what setup --check says about the project, and stays at 0', async (t) => {
    const {project} = await start(t, ['claude-code', 'cursor'])
    const findings = async () => {
      const {result} = await project.run(Doctor, ['--offline'])
      const own = (result as Diagnosis).findings.filter(({check}) => check === 'setup')
      return own.map(({status, message, fix}) => [status, message, fix])
    }
    assert.deepEqual(await findings(), [
      ['ok', 'no problems with the packages of this project', null],
      ['ok', sentence, null],
    ])
    await rm(project.at(copies[1]!))
    assert.deepEqual(await findings(), [['warning', 'not loaded: @acme/review', 'run `apkg setup --check`']])
    await rm(project.at('apkg.json'))
    assert.deepEqual(await findings(), [['skipped', 'not checked: not in a project', null]])
  })
})
