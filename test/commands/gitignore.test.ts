import assert from 'node:assert/strict'
import {execFileSync} from 'node:child_process'
import {lstat, mkdir, readFile, readlink, rm, symlink, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import Add from '../../src/commands/add.js'
import Install from '../../src/commands/install.js'
import {startPlainRegistry} from '../support/plain-registry.js'
import {startProject} from '../support/project.js'
import {tempFolder} from '../support/temp-folder.js'

/** A project in a git repository, and a registry with two packages. */
async function start(t: TestContext) {
  const registry = await startPlainRegistry(t)
  await registry.put({name: '@acme/lib'})
  await registry.put({name: '@acme/other'})
  const project = await startProject(t, registry.url)
  const git = (...args: string[]) => execFileSync('git', args, {cwd: project.folder, encoding: 'utf8'})
  git('init', '--quiet')
  return {project, git, file: project.at('.gitignore')}
}

/** A user on a terminal, who is asked `questions` and answers them all alike. */
function userWho(answer: boolean) {
  const questions: string[] = []
  const confirm = ({message}: {message: string}) => {
    questions.push(message)
    return Promise.resolve(answer)
  }
  return {questions, world: {terminal: true, prompts: {confirm}}}
}

const flag = ['@acme/lib', '--gitignore']
const question = 'Add apkg_packages/ to .gitignore?'

describe('apkg_packages in .gitignore', () => {
  it('add on a terminal: asks once, and reports the change', async (t) => {
    const {project, git, file} = await start(t)
    const {questions, world} = userWho(true)
    const {stderr} = await project.succeed(Add, ['@acme/lib', '--no-setup'], world)
    assert.match(stderr, /Added apkg_packages\/ to \.gitignore/)
    assert.equal(await readFile(file, 'utf8'), 'apkg_packages/\n')
    assert.equal(git('status', '--short', '--untracked-files=all'), '?? .gitignore\n?? apkg-lock.json\n?? apkg.json\n')
    await rm(project.at('apkg_packages'), {recursive: true})
    await project.succeed(Install, ['--no-setup'], world)
    await project.succeed(Add, ['@acme/other', '--no-setup'], world)
    assert.deepEqual(questions, [question])
    assert.equal(await readFile(file, 'utf8'), 'apkg_packages/\n')
  })

  it('install on a terminal: after a No, does not ask again while the packages are installed', async (t) => {
    const {project, file} = await start(t)
    await project.depend({'@acme/lib': '^1.0.0'})
    const {questions, world} = userWho(false)
    await project.succeed(Install, ['--no-setup'], world)
    await project.succeed(Install, ['--no-setup'], world)
    await project.succeed(Add, ['@acme/other', '--no-setup'], world)
    assert.deepEqual(questions, [question])
    await assert.rejects(lstat(file), {code: 'ENOENT'})
  })

  for (const [title, argv, more] of [
    ['with --no-gitignore', ['--no-gitignore'], {}],
    ['with --json', ['--json'], {}],
    ['in CI', [], {env: {CI: 'true'}}],
    ['without a terminal', [], {terminal: false}],
  ] as const) {
    it(`add: neither asks nor changes .gitignore ${title}`, async (t) => {
      const {project, file} = await start(t)
      const {questions, world} = userWho(true)
      await project.succeed(Add, ['@acme/lib', '--no-setup', ...argv], {...world, ...more})
      assert.deepEqual(questions, [])
      await assert.rejects(lstat(file), {code: 'ENOENT'})
    })
  }

  it('add on a terminal: does not ask outside a git repository, or if the packages are committed', async (t) => {
    const {project, git} = await start(t)
    const {questions, world} = userWho(true)
    await mkdir(project.at('apkg_packages/@acme/lib'), {recursive: true})
    await writeFile(project.at('apkg_packages/@acme/lib/SKILL.md'), '')
    git('add', '--all')
    await rm(project.at('apkg_packages'), {recursive: true})
    await project.succeed(Add, ['@acme/lib', '--no-setup'], world)
    const {stderr} = await project.succeed(Add, [...flag, '--no-setup'])
    assert.match(stderr, /^Warning: \.gitignore was not changed: files in apkg_packages are committed\. /m)
    await rm(project.at('.git'), {recursive: true})
    await rm(project.at('apkg_packages'), {recursive: true})
    await project.succeed(Install, ['--no-setup'], world)
    assert.deepEqual(questions, [])
    const outside = await project.succeed(Add, [...flag, '--no-setup'])
    assert.match(outside.stderr, /^Warning: \.gitignore was not changed: the project is not in a git repository/m)
  })

  for (const [title, before, after] of [
    ['a new file', undefined, 'apkg_packages/\n'],
    ['the line endings of Windows', 'dist/\r\n', 'dist/\r\napkg_packages/\r\n'],
    ['a last line that does not end', '# ours\n*.log', '# ours\n*.log\napkg_packages/\n'],
    ['another last line that does not end', 'a\r\nb', 'a\r\nb\r\napkg_packages/\r\n'],
    ['bytes that are not UTF-8', 'caf\xe9\n', 'caf\xe9\napkg_packages/\n'],
  ] as const) {
    it(`add --gitignore: adds one line to ${title}`, async (t) => {
      const {project, file} = await start(t)
      if (before !== undefined) await writeFile(file, before, 'latin1')
      const {stdout} = await project.succeed(Add, [...flag, '--json'])
      assert.equal(JSON.parse(stdout).gitignore, file)
      assert.equal(await readFile(file, 'latin1'), after)
      const again = await project.succeed(Add, ['@acme/other', '--gitignore', '--json'])
      assert.ok(!('gitignore' in JSON.parse(again.stdout)))
      assert.equal(await readFile(file, 'latin1'), after)
    })
  }

  for (const rule of ['apkg_packages', '/apkg_packages/', 'apkg_*']) {
    it(`add --gitignore: changes nothing if ${rule} is ignored already, here or by the repository above`, async (t) => {
      const {project, file} = await start(t)
      await writeFile(file, `${rule}\n`)
      await project.succeed(Add, flag)
      assert.equal(await readFile(file, 'utf8'), `${rule}\n`)
      const below = project.at('below')
      await mkdir(below)
      await writeFile(path.join(below, 'apkg.json'), await readFile(project.at('apkg.json')))
      await writeFile(file, `${rule.replace('/', '/below/')}\n`)
      await project.succeed(Add, flag, {cwd: below})
      assert.ok((await lstat(path.join(below, 'apkg_packages'))).isDirectory())
      await assert.rejects(lstat(path.join(below, '.gitignore')), {code: 'ENOENT'})
    })
  }

  it('add --gitignore: leaves a link, a directory, and a file that is not text, and says why', async (t) => {
    const {project, file} = await start(t)
    const elsewhere = path.join(await tempFolder(t), 'ignore')
    await writeFile(elsewhere, 'x\n')
    await symlink(elsewhere, file)
    const warned = async () => (await project.succeed(Add, flag)).stderr
    assert.match(await warned(), /^Warning: apkg_packages\/ was not added to \.gitignore: .* symbolic link/m)
    assert.deepEqual([await readlink(file), await readFile(elsewhere, 'utf8')], [elsewhere, 'x\n'])
    await rm(file)
    await mkdir(file)
    assert.match(await warned(), /^Warning: apkg_packages\/ was not added to \.gitignore: .* it is not a file/m)
    await rm(file, {recursive: true})
    const utf16 = Buffer.from('dist/\n', 'utf16le')
    await writeFile(file, utf16)
    assert.match(await warned(), /^Warning: apkg_packages\/ was not added to \.gitignore: .* not a text file/m)
    assert.deepEqual(await readFile(file), utf16)
  })

  it('install --frozen-lockfile: rejects --gitignore, because it writes nothing else', async (t) => {
    const {project} = await start(t)
    const {exitCode, stderr} = await project.run(Install, ['--frozen-lockfile', '--gitignore'])
    assert.equal(exitCode, 2)
    assert.match(stderr, /--gitignore/)
  })
})
