import assert from 'node:assert/strict'
import {createHash, randomBytes} from 'node:crypto'
import {chmod, mkdir, readFile, rename, rm, symlink, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'node:test'

import {knownTools} from '@apkg/package-format'

import {seal} from '../../src/files/seal.js'
import type {Draft} from '../support/publish-package.js'
import {startSetUp, statesOf} from '../support/set-up-project.js'
import {tempFolder} from '../support/temp-folder.js'

const skill: Draft = {
  name: '@acme/review',
  files: {'SKILL.md': '---\ndescription: Reviews.\n---\nOne\n', 'references/a.md': 'A\n', 'scripts/b.sh': 'b\n'},
}
const rule: Draft = {name: '@acme/tone', type: 'rule', files: {'tone.md': '---\ndescription: Tone\n---\nBe plain.\n'}}
const second: Draft = {
  ...skill,
  version: '2.0.0',
  files: {'SKILL.md': '---\ndescription: Reviews.\n---\nTwo\n', references: 'now a file\n'},
}
const skillFile = '.claude/skills/acme-review/SKILL.md'

describe('setUpTools', () => {
  it('setUpTools: restores a project byte for byte when packages are removed', async (t) => {
    const project = await startSetUp(t, [skill, rule])
    await mkdir(project.at('.claude/commands'), {recursive: true})
    await mkdir(project.at('.cursor/rules'), {recursive: true})
    await writeFile(project.at('.cursor/rules/ours.mdc'), 'ours')
    await writeFile(project.at('.claude/settings.json'), '{}', {mode: 0o600})
    await writeFile(project.at('AGENTS.md'), '# Ours\r\n\r\nText')
    await chmod(project.at('AGENTS.md'), 0o640)
    const before = await statesOf(project.folder)
    const {written, problem} = await project.setUp(knownTools)
    assert.equal(problem, undefined)
    assert.ok(written.length > 15)
    assert.notDeepEqual(await statesOf(project.folder), before)
    await project.install({})
    const {removed, left} = await project.setUp(knownTools)
    assert.deepEqual([removed.length, left], [written.length, []])
    assert.deepEqual(await statesOf(project.folder), before)
    assert.deepEqual(
      Object.keys(await project.tree()).filter((file) => file.startsWith('apkg_packages')),
      [],
    )
  })

  it('setUpTools: does nothing if nothing was installed, and restores missing files with `repairs`', async (t) => {
    const project = await startSetUp(t, [skill])
    await project.setUp(['claude-code'])
    await rm(project.at(skillFile))
    assert.deepEqual((await project.setUp(['claude-code'])).written, [])
    const {written} = await project.setUp(['claude-code'], {repairs: true})
    assert.deepEqual(written, [{path: skillFile, package: skill.name, status: 'created'}])
  })

  it('setUpTools: updates to a new version, also with a file instead of a directory', async (t) => {
    const project = await startSetUp(t, [skill])
    await project.setUp(['claude-code'])
    await project.registry.put(second)
    await project.install({[skill.name]: '2.0.0'})
    const {written, removed, left} = await project.setUp(['claude-code'])
    const folder = '.claude/skills/acme-review'
    assert.deepEqual(left, [])
    assert.deepEqual(removed, [`${folder}/references/a.md`, `${folder}/scripts/b.sh`])
    assert.deepEqual(
      written.map(({path: file, status}) => [file, status]),
      [
        [skillFile, 'updated'],
        [`${folder}/references`, 'created'],
      ],
    )
    assert.deepEqual(Object.keys(await statesOf(project.at(folder))), ['SKILL.md', 'references'])
  })

  it('setUpTools: keeps and reports a modified file, on update and on removal', async (t) => {
    const project = await startSetUp(t, [skill])
    await project.setUp(['claude-code'])
    await writeFile(project.at(skillFile), 'mine')
    await project.registry.put(second)
    await project.install({[skill.name]: '2.0.0'})
    const edited = {path: skillFile, package: skill.name, kind: 'modified', reason: 'modified locally'}
    assert.deepEqual((await project.setUp(['claude-code'])).left, [{...edited, isOrphan: false}])
    await project.install({})
    assert.deepEqual((await project.setUp(['claude-code'])).left, [{...edited, isOrphan: true}])
    assert.deepEqual(Object.keys(await statesOf(project.folder)), [
      '.claude',
      '.claude/skills',
      '.claude/skills/acme-review',
      skillFile,
    ])
    assert.equal(await readFile(project.at(skillFile), 'utf8'), 'mine')
  })

  it('setUpTools: keeps a file that existed before, and adopts an identical one', async (t) => {
    const project = await startSetUp(t, [skill])
    await project.setUp(['claude-code'])
    await rm(project.at('apkg_packages/.setup.json'))
    await writeFile(project.at(skillFile), 'theirs')
    const {left, written} = await project.setUp(['claude-code'])
    const reason = 'not created by apkg'
    const theirs = {path: skillFile, package: skill.name, kind: 'unmanaged', reason, isOrphan: false}
    assert.deepEqual([written, left], [[], [theirs]])
    await project.install({})
    await project.setUp(['claude-code'])
    assert.equal((await project.tree())[skillFile], 'theirs')
    assert.equal((await project.tree())['.claude/skills/acme-review/references/a.md'], undefined)
  })

  it('setUpTools: writes and removes nothing through links, or where a file is in place of a directory', async (t) => {
    const outside = await tempFolder(t)
    const project = await startSetUp(t, [skill, rule])
    await mkdir(project.at('.claude/skills/acme-review'), {recursive: true})
    await symlink(outside, project.at('.cursor'))
    await symlink(path.join(outside, 'made'), project.at(skillFile))
    await writeFile(project.at('.kiro'), 'a file')
    await symlink(path.join(outside, 'AGENTS.md'), project.at('AGENTS.md'))
    await symlink(path.join(outside, 'ledger'), project.at('apkg_packages/.setup.json'))
    await symlink(path.join(outside, 'ledger'), project.at('apkg_packages/.setup.json.tmp'))
    const {left, problem} = await project.setUp(knownTools)
    assert.equal(problem, undefined)
    assert.deepEqual(await statesOf(outside), {})
    const reasons = new Set(left.map(({path: file, reason}) => `${file.split('/')[0]}: ${reason}`))
    assert.deepEqual([...reasons].sort(), [
      '.claude: it is a symbolic link',
      ".cursor: .cursor is a symbolic link that leaves the project or can't be followed",
      '.kiro: .kiro is not a directory',
      'AGENTS.md: it is a broken link',
    ])
    // Files written to a directory are not removed from the target of a link that replaced it.
    await mkdir(path.join(outside, 'steering'))
    await rename(project.at('.kiro'), path.join(outside, 'kiro'))
    await symlink(path.join(outside, 'kiro'), project.at('.kiro'))
    const kept = await statesOf(outside)
    await project.install({})
    await project.setUp(knownTools)
    assert.deepEqual(await statesOf(outside), kept)
  })

  it('setUpTools: does not change an AGENTS.md that is not UTF-8, too large, a directory, or has broken markers', async (t) => {
    const project = await startSetUp(t, [rule])
    const contents: [string, string | Buffer][] = [
      ['it is not UTF-8', Buffer.from([0x23, 0xff, 0xfe])],
      ['it is larger than 1048576 bytes', 'x'.repeat(1024 * 1024 + 1)],
      [
        'it must contain exactly one <!-- apkg:rules -->, followed by one <!-- /apkg:rules -->',
        'text\n<!-- apkg:rules -->\n',
      ],
    ]
    for (const [reason, content] of contents) {
      await writeFile(project.at('AGENTS.md'), content)
      const {left} = await project.setUp(['codex'], {repairs: true})
      assert.deepEqual(left, [{path: 'AGENTS.md', package: 'apkg', kind: 'malformed', reason, isOrphan: false}])
      assert.deepEqual(await readFile(project.at('AGENTS.md')), Buffer.from(content))
    }
    await rm(project.at('AGENTS.md'))
    await mkdir(project.at('AGENTS.md'))
    const {left} = await project.setUp(['codex'], {repairs: true})
    assert.deepEqual(
      left.map(({reason}) => reason),
      ['it is not a file'],
    )
  })

  it('setUpTools: keeps files of tools that are not selected while their packages are installed', async (t) => {
    const project = await startSetUp(t, [skill, rule])
    await project.setUp(['cursor', 'codex'])
    const {removed} = await project.setUp(['claude-code'])
    assert.deepEqual(removed, [])
    assert.ok((await project.tree())['.cursor/rules/acme-tone.mdc'])
    await project.install({[skill.name]: '*'})
    const after = await project.setUp(['claude-code'])
    assert.deepEqual(after.removed, [
      '.agents/rules/acme-tone.md',
      '.claude/rules/acme-tone.md',
      '.cursor/rules/acme-tone.mdc',
    ])
    const tree = await project.tree()
    assert.equal(tree['AGENTS.md'], undefined)
    assert.ok(tree['.agents/skills/acme-review/SKILL.md'])
  })

  it('setUpTools: links CLAUDE.md to AGENTS.md if that is configured and CLAUDE.md is missing', async (t) => {
    const project = await startSetUp(t, [rule])
    await writeFile(path.join(project.home, '.apkg/config.json'), '{"symlinkClaudeMd":true}')
    await project.setUp(['claude-code', 'codex'])
    assert.equal((await statesOf(project.folder))['CLAUDE.md'], 'link to AGENTS.md')
    await project.setUp(['codex'])
    assert.equal((await statesOf(project.folder))['CLAUDE.md'], 'link to AGENTS.md')
    await project.install({})
    await project.setUp(['codex'])
    assert.deepEqual(await statesOf(project.folder), {})
    await writeFile(project.at('CLAUDE.md'), 'mine')
    await project.install({[rule.name]: '*'})
    await project.setUp(['claude-code', 'codex'])
    await project.install({})
    await project.setUp(['claude-code', 'codex'])
    assert.deepEqual(Object.keys(await statesOf(project.folder)), ['CLAUDE.md'])
  })

  it('setUpTools: removes nothing that a forged or damaged ledger lists', async (t) => {
    const project = await startSetUp(t, [skill])
    await project.setUp(['claude-code'])
    const ledger = project.at('apkg_packages/.setup.json')
    const genuine = await readFile(ledger, 'utf8')
    await writeFile(project.at('mine.txt'), 'mine')
    const file = {path: 'mine.txt', package: '@acme/gone', version: '1.0.0', tools: ['codex']}
    const named = {...file, sha256: [createHash('sha256').update('mine').digest('hex')]}
    const forged = JSON.stringify({setupVersion: 1, files: [named], folders: ['.claude'], hasAgentsBlock: true})
    for (const text of [forged, seal(forged, randomBytes(32)), genuine.replace('acme-review', 'acme-other'), '{', '']) {
      await writeFile(ledger, text)
      const before = await statesOf(project.folder)
      const {removed, problem} = await project.setUp(['claude-code'], {repairs: true})
      assert.deepEqual([removed, problem], [[], undefined])
      assert.deepEqual(await statesOf(project.folder), before)
    }
  })

  it('setUpTools: keeps the tool files of a package that was modified, and reports it', async (t) => {
    const project = await startSetUp(t, [skill, rule])
    await project.setUp(['claude-code'])
    await writeFile(project.at('apkg_packages/@acme/review/SKILL.md'), 'changed')
    const {left, removed} = await project.setUp(['claude-code'], {repairs: true})
    const reason = 'SKILL.md was modified'
    const skipped = {path: 'apkg_packages/@acme/review', package: '@acme/review', kind: 'package', reason}
    assert.deepEqual(left, [{...skipped, isOrphan: false}])
    assert.deepEqual(removed, [])
  })

  it('setUpTools: writes every file once when called concurrently', async (t) => {
    const project = await startSetUp(t, [skill, rule])
    const reports = await Promise.all([1, 2, 3].map(() => project.setUp(knownTools)))
    for (const {problem, left} of reports) assert.deepEqual([problem, left], [undefined, []])
    const written = reports.flatMap((report) => report.written.map((each) => each.path))
    assert.equal(new Set(written).size, written.length)
    await project.install({})
    await project.setUp(knownTools)
    assert.deepEqual(await statesOf(project.folder), {})
  })
})
