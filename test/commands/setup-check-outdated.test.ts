import assert from 'node:assert/strict'
import {createHash} from 'node:crypto'
import {readFile, writeFile} from 'node:fs/promises'
import {describe, it} from 'node:test'

import Add from '../../src/commands/add.js'
import Setup from '../../src/commands/setup.js'
import {ensureLedgerKey} from '../../src/files/ledger-key.js'
import {seal, unseal} from '../../src/files/seal.js'
import {startPlainRegistry} from '../support/plain-registry.js'
import {startProject} from '../support/project.js'

const flags = ['--setup', 'claude-code']
const file = '.claude/skills/acme-review/SKILL.md'

describe('setup --check of files that nobody edited', () => {
  it('setup --check: tells what an older release wrote from what the user edited', async (t) => {
    const registry = await startPlainRegistry(t)
    await registry.put({name: '@acme/review', files: {'SKILL.md': '---\ndescription: Reviews.\n---\nOne.\n'}})
    const project = await startProject(t, registry.url)
    await project.succeed(Add, ['@acme/review', ...flags])
    const older = '---\nname: acme-review\ndescription: As an older release wrote it.\n---\nOne.\n'
    await writeFile(project.at(file), older)
    const edited = await project.succeed(Setup, ['--check', ...flags])
    assert.equal(edited.stdout, `@acme/review@1.0.0\tClaude Code\tloads (modified)\t${file}\n`)

    const ledgerFile = project.at('apkg_packages/.setup.json')
    const key = await ensureLedgerKey(project.home)
    const ledger = JSON.parse(unseal(await readFile(ledgerFile, 'utf8'), key) ?? '') as {
      files: {path: string; sha256: string[]}[]
    }
    ledger.files.find((each) => each.path === file)!.sha256 = [createHash('sha256').update(older).digest('hex')]
    await writeFile(ledgerFile, seal(JSON.stringify(ledger), key))
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
      ['outdated', [{path: file, reason: 'written for version 1.0.0; run `apkg setup`'}]],
    )
  })
})
