import assert from 'node:assert/strict'
import {readFile, symlink} from 'node:fs/promises'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import {Ajv} from 'ajv'
import addFormats from 'ajv-formats'

import Lint from '../../src/commands/lint.js'
import Pack from '../../src/commands/pack.js'
import {makeTree} from '../support/make-tree.js'
import {config} from '../support/oclif-config.js'
import {inRepository} from '../support/repository.js'
import {runCommand} from '../support/run-command.js'
import {tempFolder} from '../support/temp-folder.js'

/** Without a registry: any request would fail. */
async function lint(t: TestContext, cwd: string, argv: string[] = [], command: typeof Lint | typeof Pack = Lint) {
  const env = {APKG_REGISTRY: 'http://127.0.0.1:1'}
  return runCommand(command, argv, config, {home: await tempFolder(t), cwd, env})
}

const good = '---\nname: pdf\ndescription: Fills PDF forms. Use it for PDF files.\n---\n# PDF\n'
const manifest = (more: object = {}) =>
  JSON.stringify({name: '@ada/pdf', version: '1.0.0', type: 'skill', description: 'Fills PDF forms', ...more})

describe('lint', () => {
  it('lint: prints nothing on stdout for a valid skill', async (t) => {
    const cwd = await makeTree(t, {'skills/pdf/SKILL.md': good})
    const {stdout, stderr, exitCode} = await lint(t, cwd)
    assert.deepEqual({stdout, stderr, exitCode}, {stdout: '', stderr: 'No problems found\n', exitCode: 0})
  })

  it('lint: prints each finding with its file, line, column and rule, and exits with 1', async (t) => {
    const cwd = await makeTree(t, {
      'skills/pdf/SKILL.md': '---\nname: PDF\n---\nSee [the forms](Forms.md).\n',
      'skills/pdf/forms.md': 'Forms\n',
    })
    const {stdout, stderr, exitCode} = await lint(t, path.join(cwd, 'skills'), ['pdf'])
    assert.deepEqual(stdout.split('\n'), [
      'pdf/SKILL.md:1:1: error: `description` is missing. Most tools skip the skill without it (description-missing)',
      'pdf/SKILL.md:2:1: error: `name` must be 1 to 64 characters: a-z, 0-9 and single hyphens between them (name-invalid)',
      'pdf/SKILL.md:4:17: warning: `Forms.md` is missing. Did you mean `forms.md`? (file-missing)',
      '',
    ])
    assert.equal(stderr, 'Found 2 errors, 1 warning\n')
    assert.equal(exitCode, 1)
  })

  it('lint: warnings only fail with --max-warnings', async (t) => {
    const cwd = await makeTree(t, {'pdf/SKILL.md': `${good}[a](a.md) [b](b.md)\n`})
    const codes = []
    for (const argv of [[], ['--max-warnings', '2'], ['--max-warnings', '1'], ['--max-warnings', '0']]) {
      codes.push((await lint(t, cwd, argv)).exitCode)
    }
    assert.deepEqual(codes, [0, 0, 1, 1])
  })

  it('lint: exits with 2 if there is nothing to check', async (t) => {
    const cwd = await makeTree(t, {'README.md': '# Nothing\n', 'node_modules/x/SKILL.md': 'Not mine'})
    for (const [argv, message] of [
      [[], 'Nothing to check'],
      [['missing'], 'Not a directory'],
      [['README.md'], 'Not a directory'],
    ] as const) {
      const {stderr, exitCode} = await lint(t, cwd, [...argv])
      assert.equal(exitCode, 2)
      assert.match(stderr, new RegExp(`^Error: ${message}`))
    }
  })

  it('lint: checks a package as pack does, and a different name is not a problem', async (t) => {
    const files = {
      'apkg.json': manifest({keyword: 'pdf'}),
      'SKILL.md': '---\nname: other\ndescription: Use when: PDF\nAllowed-Tools: Read\n---\n[x](../x.md)\n',
      'scripts/run.sh': '#!/bin/sh\r\necho\r\n',
    }
    const cwd = await makeTree(t, files)
    const {stdout, exitCode} = await lint(t, cwd, ['--json'])
    const found = JSON.parse(stdout).findings.map(({rule, path: file, line, column}: Record<string, unknown>) =>
      [rule, file, line, column].join(' '),
    )
    assert.deepEqual(
      found,
      [
        `manifest-field-unknown apkg.json 1 ${files['apkg.json'].indexOf('"keyword"') + 1}`,
        'limit-misspelled SKILL.md 4 1',
        'file-missing SKILL.md 6 5',
        'shebang-crlf scripts/run.sh 1 10',
      ].sort((a, b) => found.indexOf(a) - found.indexOf(b)),
    )
    assert.equal(exitCode, 1)
    const packed = await lint(t, cwd, ['--json'], Pack)
    assert.equal(packed.exitCode, 1)
    const {error} = JSON.parse(packed.stdout)
    assert.equal(error.code, 'PACKAGE_INVALID')
    assert.match(error.message, /scripts\/run\.sh, line 1: The `#!` line ends with CRLF/)
  })

  it('pack: prints the warnings of lint, but no notes', async (t) => {
    const lines = '\nLine'.repeat(600)
    const cwd = await makeTree(t, {'apkg.json': manifest(), 'SKILL.md': `${good}[x](missing.md)${lines}\n`})
    const {stderr, exitCode} = await lint(t, cwd, ['--dry-run'], Pack)
    assert.equal(exitCode, 0)
    assert.deepEqual(
      stderr.split('\n').filter((line) => line.startsWith('Warning')),
      ['Warning: SKILL.md, line 6: `missing.md` is missing.'],
    )
    assert.match((await lint(t, cwd)).stdout, /note: SKILL\.md has 60\d lines/)
  })

  it('lint: finds secrets, without printing them', async (t) => {
    const kind = 'PRIVATE KEY'
    const key = `-----BEGIN ${kind}-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n-----END ${kind}-----\n`
    const cwd = await makeTree(t, {'pdf/SKILL.md': good, 'pdf/notes.txt': `Line\n${key}`})
    const {stdout, exitCode} = await lint(t, cwd)
    assert.match(stdout, /^pdf\/notes\.txt:2:1: error: Contains .* \(secret\)\n$/)
    assert.ok(!stdout.includes('MIIEv'))
    assert.equal(exitCode, 1)
  })

  it('lint: follows a link to a directory that is given, and skips what git ignores', async (t) => {
    const cwd = await makeTree(t, {
      '.gitignore': 'build/\n',
      'pdf/SKILL.md': good,
      'build/bad/SKILL.md': 'No frontmatter\n',
    })
    await symlink('pdf', path.join(cwd, 'latest'))
    assert.deepEqual((await lint(t, cwd, ['latest'])).stdout, '')
    assert.deepEqual((await lint(t, cwd)).stdout, '')
  })

  it('lint: --sarif prints valid SARIF 2.1.0, with paths relative to the git repository', async (t) => {
    const schemaFile = inRepository('node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json')
    const {$schema, id, ...schema} = JSON.parse(await readFile(schemaFile, 'utf8'))
    const ajv = new Ajv({strict: false, unicodeRegExp: false})
    ;(addFormats as unknown as (ajv: Ajv) => void)(ajv)
    const validate: {(data: unknown): boolean; errors?: unknown} = ajv.compile(schema)
    const cwd = await makeTree(t, {
      '.git/HEAD': 'ref: refs/heads/main\n',
      'my skills/pdf/SKILL.md': 'No frontmatter\u200B\n',
    })
    const {stdout, exitCode} = await lint(t, path.join(cwd, 'my skills'), ['--sarif'])
    const log = JSON.parse(stdout)
    assert.ok(validate(log), JSON.stringify(validate.errors))
    assert.ok(!validate({...log, version: '2.0.0'}))
    const [{results, tool}] = log.runs
    assert.deepEqual(
      results.map((each: any) => [each.ruleId, each.level, each.locations[0].physicalLocation]),
      [
        ['frontmatter-missing', 'error', location(1)],
        ['hidden-characters', 'warning', location(15)],
      ],
    )
    assert.ok(results.every((each: any) => tool.driver.rules[each.ruleIndex].id === each.ruleId))
    assert.equal(exitCode, 1)
  })
})

function location(startColumn: number) {
  const artifactLocation = {uri: 'my%20skills/pdf/SKILL.md', uriBaseId: '%SRCROOT%'}
  return {artifactLocation, region: {startLine: 1, startColumn}}
}
