import assert from 'node:assert/strict'
import {execFileSync} from 'node:child_process'
import {describe, it, type TestContext} from 'node:test'

import {RealTools} from '../support/real-tools.js'
import type {Draft} from '../support/publish-package.js'
import {startSetUp} from '../support/set-up-project.js'
import {tempFolder} from '../support/temp-folder.js'

const drafts: Draft[] = [
  {name: '@acme/review', files: {'SKILL.md': '---\nname: review\ndescription: Reviews code\n---\nReview.\n'}},
  {
    name: '@acme/pair',
    files: {
      'skills/one/SKILL.md': '---\nname: one\ndescription: The first\n---\nOne.\n',
      'skills/two/SKILL.md': '---\nname: two\ndescription: "The second: of two"\n---\nTwo.\n',
      'SKILL.md.txt': '',
    },
    type: 'skill',
  },
  {
    name: '@acme/tester',
    type: 'agent',
    files: {'tester.md': '---\ndescription: Tests\ntools: Read, Grep\n---\nTest.\n'},
  },
  {name: '@acme/ship', type: 'command', files: {'ship.md': '---\ndescription: Ships\n---\nShip $ARGUMENTS.\n'}},
]

/** Undefined if npm can't install the programs. The test is then skipped, but fails in CI. */
async function install(t: TestContext): Promise<RealTools | undefined> {
  try {
    if (process.platform !== 'linux') throw new Error('the programs are those for Linux')
    return await RealTools.install(await tempFolder(t))
  } catch (error) {
    assert.notEqual(process.env['CI'], 'true', error as Error)
    t.skip((error as Error).message)
    return undefined
  }
}

const ofAcme = (names: readonly string[] = []) => names.filter((name) => name.startsWith('acme-')).sort()

const skills = ['acme-pair-one', 'acme-pair-two', 'acme-review']

describe('the released programs', {timeout: 900_000}, () => {
  it('released programs: list what apkg set up for them', async (t) => {
    const tools = await install(t)
    if (!tools) return
    const project = await startSetUp(t, drafts)
    execFileSync('git', ['init', '-q'], {cwd: project.folder})
    const {left, problem} = await project.setUp(['claude-code', 'codex', 'copilot'])
    assert.deepEqual([left, problem], [[], undefined])
    const claude = await tools.claudeCode(project.folder)
    const found = ofAcme(claude.skills).map((name) => name.replace(/-[0-9a-f]{8}$/, ''))
    assert.deepEqual(found, skills)
    assert.deepEqual(ofAcme(claude.agents), ['acme-tester'])
    assert.ok(claude.commands?.includes('acme-ship'))
    const codex = ofAcme((await tools.codex(project.folder)).skills)
    assert.deepEqual(
      codex.map((name) => name.replace(/-[0-9a-f]{8}$/, '')),
      [...skills, 'acme-ship'],
    )
    const copilot = new Set(ofAcme((await tools.copilot(project.folder)).skills))
    for (const name of ofAcme(claude.skills)) assert.ok(copilot.has(name), name)
    const listed = new Set(ofAcme((await tools.skills(project.folder)).skills))
    for (const name of ofAcme(claude.skills)) assert.ok(listed.has(name), name)
  })

  it('released programs: Codex does not see what is only set up for Claude Code, and vice versa', async (t) => {
    const tools = await install(t)
    if (!tools) return
    const project = await startSetUp(t, [drafts[0]!])
    execFileSync('git', ['init', '-q'], {cwd: project.folder})
    await project.setUp(['claude-code'])
    assert.deepEqual(ofAcme((await tools.codex(project.folder)).skills), [])
    assert.deepEqual(ofAcme((await tools.claudeCode(project.folder)).skills), ['acme-review'])
    const other = await startSetUp(t, [drafts[0]!])
    execFileSync('git', ['init', '-q'], {cwd: other.folder})
    await other.setUp(['codex'])
    assert.deepEqual(ofAcme((await tools.codex(other.folder)).skills), ['acme-review'])
    assert.deepEqual(ofAcme((await tools.claudeCode(other.folder)).skills), [])
  })

  it('released programs: an agent gets the tools that its author allows, and no others', async (t) => {
    const tools = await install(t)
    if (!tools) return
    const project = await startSetUp(t, [
      drafts[2]!,
      {name: '@acme/maker', type: 'agent', files: {'maker.md': '---\ndescription: Makes\n---\nMake.\n'}},
    ])
    execFileSync('git', ['init', '-q'], {cwd: project.folder})
    await project.setUp(['claude-code', 'codex', 'copilot'])
    const writing = {claude: ['Bash', 'Edit', 'Write'], copilot: ['bash', 'edit', 'create']}
    const among = (all: readonly string[], given: readonly string[]) => all.filter((tool) => given.includes(tool))

    const claude = await tools.claudeCodeRequest(t, project.folder, 'acme-tester')
    assert.deepEqual(claude.tools.filter((tool) => tool !== 'DeferredToolPlaceholder').sort(), ['Grep', 'Read'])
    const claudeMaker = await tools.claudeCodeRequest(t, project.folder, 'acme-maker')
    assert.deepEqual(among(writing.claude, claudeMaker.tools), writing.claude)

    const copilot = await tools.copilotRequest(t, project.folder, 'acme-tester')
    assert.deepEqual([among(['view'], copilot.tools), among(writing.copilot, copilot.tools)], [['view'], []])
    const copilotMaker = await tools.copilotRequest(t, project.folder, 'acme-maker')
    assert.deepEqual(among(writing.copilot, copilotMaker.tools), writing.copilot)

    const {text} = await tools.codexRequest(t, project.folder)
    for (const name of ['acme-tester', 'acme-maker']) assert.ok(text.includes(`\\n${name}: {`), name)
  })

  // Once this fails, Codex enforces the limit, and the warning can go.
  it('released programs: Codex gives a read-only agent the sandbox of the session, as apkg warns', async (t) => {
    const tools = await install(t)
    if (!tools) return
    const project = await startSetUp(t, [drafts[2]!])
    execFileSync('git', ['init', '-q'], {cwd: project.folder})
    const {adjusted} = await project.setUp(['codex'])
    assert.match(adjusted[0]?.reason ?? '', /^as an agent with a read-only sandbox, which Codex does not enforce/)
    const {text} = await tools.codexAgentRequest(t, project.folder, 'acme-tester')
    assert.ok(text.includes('Test.'), 'it has the instructions of the agent')
    assert.match(text, /`sandbox_mode` is `workspace-write`/)
  })

  it('released programs: a model is not offered a skill that only the user starts', async (t) => {
    const tools = await install(t)
    if (!tools) return
    const skill = (more: string) => ({'SKILL.md': `---\nname: x\n${more}\n---\nDo.\n`})
    const project = await startSetUp(t, [
      {name: '@acme/offered', files: skill('description: Offered to models')},
      {name: '@acme/manual', files: skill('description: Started by users\ndisable-model-invocation: true')},
    ])
    execFileSync('git', ['init', '-q'], {cwd: project.folder})
    await project.setUp(['claude-code', 'codex', 'copilot'])
    for (const {text} of [
      await tools.claudeCodeRequest(t, project.folder),
      await tools.copilotRequest(t, project.folder),
      await tools.codexRequest(t, project.folder),
    ]) {
      assert.deepEqual([text.includes('Offered to models'), text.includes('Started by users')], [true, false])
    }
  })
})
