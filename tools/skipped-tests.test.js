import assert from 'node:assert/strict'
import {spawnSync} from 'node:child_process'
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {describe, it} from 'node:test'

import {root} from './workspace.js'

function folderOf(t) {
  const folder = mkdtempSync(join(tmpdir(), 'apkg-skipped-'))
  t.after(() => rmSync(folder, {recursive: true}))
  return folder
}

function run(args, env = process.env) {
  return spawnSync(process.execPath, args, {cwd: root, env, encoding: 'utf8'})
}

/** Runs a file of tests with the reporter, and returns the list of skipped tests that it wrote. */
function listOf(t, source) {
  const folder = folderOf(t)
  const [file, list] = [join(folder, 'some.test.mjs'), join(folder, 'list')]
  writeFileSync(file, `import {describe, it} from 'node:test'\n${source}`)
  const reporter = ['--test-reporter=./tools/skipped-reporter.js', `--test-reporter-destination=${list}`]
  // Inside a test, node:test would not start another run.
  const {NODE_TEST_CONTEXT: _, ...env} = process.env
  assert.equal(run(['--test', ...reporter, file], env).status, 0)
  return readFileSync(list, 'utf8')
}

const resultOf = (t, lists) => {
  const folder = folderOf(t)
  for (const [index, list] of lists.entries()) writeFileSync(join(folder, String(index)), list)
  const {status, stdout, stderr} = run(['tools/skipped-tests.js', folder])
  return {status, output: stdout + stderr}
}

describe('skipped tests', () => {
  it('skipped tests: those for an allowed reason are listed once, however often they were skipped', (t) => {
    const list = listOf(
      t,
      `it('runs', () => undefined)
      it('needs a mount', {skip: 'file systems cannot be mounted here'}, () => undefined)
      it('needs a file system', (t) => t.skip('/dev/shm is not another file system'))
      describe('group', {skip: '/proc does not exist'}, () => it('one', () => undefined))`,
    )
    const {status, output} = resultOf(t, [list, list])
    assert.equal(status, 0, output)
    assert.equal(output.split('needs a mount').length, 2, output)
    for (const text of ['file systems cannot be mounted here:', 'needs a file system', '  - group']) {
      assert.ok(output.includes(text), output)
    }
    assert.doesNotMatch(output, /runs|NOT ALLOWED/)
  })

  for (const [what, skip, shown] of [
    ['another reason', "'it is Sunday'", 'it is Sunday (NOT ALLOWED):'],
    ['no reason', 'true', 'no reason given (NOT ALLOWED):'],
  ]) {
    it(`skipped tests: ${what} is an error that names the test`, (t) => {
      const {status, output} = resultOf(t, [listOf(t, `it('is lazy', {skip: ${skip}}, () => undefined)`)])
      assert.equal(status, 1)
      assert.ok(output.includes(`${shown}\n  - is lazy\n`), output)
    })
  }

  it('skipped tests: none is said too', (t) => {
    assert.deepEqual(resultOf(t, [listOf(t, "it('runs', () => undefined)")]), {
      status: 0,
      output: 'No test was skipped.\n',
    })
  })
})
