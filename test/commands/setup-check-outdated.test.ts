import assert from 'node:assert/strict'
import {createHash} from 'node:crypto'
import {existsSync} from 'node:fs'
import {mkdir, readFile, rename, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'node:test'

import Add from '../../src/commands/add.js'
import Setup from '../../src/commands/setup.js'
import {ensureLedgerKey} from '../../src/files/ledger-key.js'
import {seal, unseal} from '../../src/files/seal.js'
import {startPlainRegistry} from '../support/plain-registry.js'
import {startProject, type TestProject} from '../support/project.js'

const flags = ['--setup', 'claude-code']
const file = '.claude/skills/acme-review/SKILL.md'

interface LedgerFile {
  path: string
  tools: string[]
  sha256: string[]
}

/** Changes the files in a project's ledger, as another release would have written it. */
async function editLedger(project: TestProject, edit: (files: LedgerFile[]) => void): Promise<void> {
  const ledgerFile = project.at('apkg_packages/.setup.json')
  const key = await ensureLedgerKey(project.home)
  const ledger = JSON.parse(unseal(await readFile(ledgerFile, 'utf8'), key) ?? '') as {files: LedgerFile[]}
  edit(ledger.files)
  await writeFile(ledgerFile, seal(JSON.stringify(ledger), key))
}

/** Moves what was set up, as if another release had written it there, for a tool with this name. */
async function movePlaced(project: TestProject, from: string, to: string, tool: string): Promise<void> {
  await mkdir(path.dirname(project.at(to)), {recursive: true})
  await rename(project.at(from), project.at(to))
  await editLedger(project, (files) => {
    for (const each of files) {
      if (each.path !== from && !each.path.startsWith(`${from}/`)) continue
      each.path = to + each.path.slice(from.length)
      each.tools = [tool]
    }
  })
}

/** The result for the first package. */
function firstIn(stdout: string): {state: string; files: string[]; problems: object[]} {
  return JSON.parse(stdout).packages[0]
}

describe('setup --check of unmodified files', () => {
  it('setup --check: distinguishes files from an older release from files that the user edited', async (t) => {
    const registry = await startPlainRegistry(t)
    await registry.put({name: '@acme/review', files: {'SKILL.md': '---\ndescription: Reviews.\n---\nOne.\n'}})
    const project = await startProject(t, registry.url)
    await project.succeed(Add, ['@acme/review', ...flags])
    const older = '---\nname: acme-review\ndescription: As an older release wrote it.\n---\nOne.\n'
    await writeFile(project.at(file), older)
    const edited = await project.succeed(Setup, ['--check', ...flags])
    assert.equal(edited.stdout, `@acme/review@1.0.0\tClaude Code\tloads (modified)\t${file}\n`)

    await editLedger(project, (files) => {
      files.find((each) => each.path === file)!.sha256 = [createHash('sha256').update(older).digest('hex')]
    })
    const outdated = await project.succeed(Setup, ['--check', ...flags])
    assert.equal(outdated.stdout, `@acme/review@1.0.0\tClaude Code\tloads (outdated)\t${file}\n`)
    assert.match(outdated.stderr, /SKILL\.md: written by an earlier release of apkg; run `apkg setup`\n/)
    await project.succeed(Setup, flags)
    assert.match((await project.succeed(Setup, ['--check', ...flags])).stdout, /\tloads\t/)
  })

  it('setup --check: names the version that was set up before', async (t) => {
    const registry = await startPlainRegistry(t)
    const files = (text: string) => ({'SKILL.md': `---\ndescription: Reviews.\n---\n${text}\n`})
    await registry.put({name: '@acme/review', files: files('One.')})
    const project = await startProject(t, registry.url)
    await project.succeed(Add, ['@acme/review', ...flags])
    await registry.put({name: '@acme/review', version: '1.1.0', files: files('Two.')})
    await project.succeed(Add, ['@acme/review@1.1.0', '--no-setup'])
    const {packages} = JSON.parse((await project.succeed(Setup, ['--check', ...flags, '--json'])).stdout)
    assert.deepEqual(
      [packages[0].state, packages[0].problems],
      ['outdated', [{path: file, kind: 'outdated', reason: 'written for version 1.0.0; run `apkg setup`'}]],
    )
  })

  for (const [tool, from, name] of [
    ['cursor', '.cursor/skills', 'cursor'],
    ['codex', '.codex/skills', 'codex'],
    ['devin', '.windsurf/skills', 'windsurf'],
  ] as const) {
    it(`setup --check: a skill that an older release set up in ${from} is outdated, and setup moves it`, async (t) => {
      const registry = await startPlainRegistry(t)
      const files = {'SKILL.md': '---\ndescription: Reviews.\n---\nOne.\n', 'scripts/run': '#!/bin/sh\n'}
      await registry.put({name: '@acme/review', files})
      const project = await startProject(t, registry.url)
      const chosen = ['--setup', tool]
      await project.succeed(Add, ['@acme/review', ...chosen])
      const now = '.agents/skills/acme-review'
      const before = `${from}/acme-review`
      await movePlaced(project, now, before, name)
      const {
        state,
        files: found,
        problems,
      } = firstIn((await project.succeed(Setup, ['--check', '--json', ...chosen])).stdout)
      assert.deepEqual([state, found], ['outdated', [`${before}/SKILL.md`]])
      assert.deepEqual(
        problems,
        ['SKILL.md', 'scripts/run'].map((each) => ({
          path: `${before}/${each}`,
          kind: 'outdated',
          reason: `belongs at ${now}/${each} now; run \`apkg setup\``,
        })),
      )
      await project.succeed(Setup, chosen)
      assert.equal(firstIn((await project.succeed(Setup, ['--check', '--json', ...chosen])).stdout).state, 'loads')
      assert.equal(existsSync(project.at(before, 'SKILL.md')), false)
    })
  }

  it('setup --check: a rule where the tool does not read it does not load', async (t) => {
    const registry = await startPlainRegistry(t)
    await registry.put({name: '@acme/tone', type: 'rule', files: {'rules/tone.md': 'Be plain.\n'}})
    const project = await startProject(t, registry.url)
    const chosen = ['--setup', 'codex']
    await project.succeed(Add, ['@acme/tone', ...chosen])
    const [now, before] = ['.agents/rules/acme-tone.md', '.codex/rules/acme-tone.md']
    await movePlaced(project, now, before, 'codex')
    const {exitCode, stdout} = await project.run(Setup, ['--check', '--json', ...chosen])
    assert.equal(exitCode, 1)
    const {state, problems} = firstIn(stdout)
    assert.equal(state, 'fails')
    assert.deepEqual(problems[0], {
      path: before,
      kind: 'unread',
      reason: `Codex does not read it there; it belongs at ${now} now; run \`apkg setup\``,
    })
    await project.succeed(Setup, chosen)
    assert.equal(firstIn((await project.succeed(Setup, ['--check', '--json', ...chosen])).stdout).state, 'loads')
  })

  it('setup --check: an agent that an older release set up without its limits is outdated, and setup removes it', async (t) => {
    const registry = await startPlainRegistry(t)
    const agent = (tools: string) => ({'agents/a.md': `---\ndescription: A.\n${tools}---\nBody.\n`})
    await registry.put({name: '@acme/a', type: 'agent', files: agent('')})
    const project = await startProject(t, registry.url)
    const chosen = ['--setup', 'kiro']
    await project.succeed(Add, ['@acme/a', ...chosen])
    const placed = '.kiro/agents/acme-a.md'
    await registry.put({name: '@acme/a', version: '1.1.0', type: 'agent', files: agent('tools: NotebookEdit\n')})
    await project.succeed(Add, ['@acme/a@1.1.0', '--no-setup'])
    const {state, files, problems} = firstIn((await project.succeed(Setup, ['--check', '--json', ...chosen])).stdout)
    assert.deepEqual([state, files], ['outdated', [placed]])
    assert.deepEqual(problems.at(-1), {path: placed, kind: 'outdated', reason: 'run `apkg setup` to remove it'})
    await project.succeed(Setup, chosen)
    const after = firstIn((await project.succeed(Setup, ['--check', '--json', ...chosen])).stdout)
    assert.deepEqual([after.state, after.files], ['unsupported', []])
    assert.equal(existsSync(project.at(placed)), false)
  })
})
