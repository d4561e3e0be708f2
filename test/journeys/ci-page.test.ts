import assert from 'node:assert/strict'
import {mkdir, readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import {ciJobs, type CiJob} from '../support/ci-jobs.js'
import {Machine} from '../support/machine.js'
import {publishPackage, sessionOf} from '../support/publish-package.js'
import {password, startRegistry} from '../support/registry.js'

for (const [title, job] of Object.entries(ciJobs)) {
  describe(`docs/ci.md: the job for ${title}`, () => {
    it(`docs/ci.md: the job for ${title} installs and publishes with a token and an empty home, and can run again`, async (t) => {
      const {machine, project, registry, run} = await checkedOut(t, job)
      const first = await run()
      assert.equal(first.exitCode, 0, first.stderr)
      assert.match(first.stderr, /Installed 1 package/)
      assert.match(first.stderr, /Published @ada\/tool@1\.0\.0/)
      assert.equal(await readFile(path.join(project, 'apkg_packages/@ada/base/text.md'), 'utf8'), 'base\n')
      const answer = await fetch(`${registry.url}/packages/%40ada%2Ftool`)
      assert.deepEqual(Object.keys((await answer.json()).versions), ['1.0.0'])
      const again = await run()
      assert.equal(again.exitCode, 0, again.stderr)
      assert.match(again.stderr, /already published with the same content/)
      await assert.rejects(machine.file('credentials.json'), /ENOENT/)
    })

    it(`docs/ci.md: the job for ${title} stops at the first line that fails, with its exit code`, async (t) => {
      const {project, run} = await checkedOut(t, job)
      await writeFile(path.join(project, 'apkg-lock.json'), '{}')
      const outcome = await run()
      assert.equal(outcome.exitCode, 1)
      assert.doesNotMatch(outcome.stderr, /Published/)
    })
  })
}

/** A registry, and a machine with only a checkout of a package and a token in the environment. */
async function checkedOut(t: TestContext, {steps, variables}: CiJob) {
  const registry = await startRegistry(t)
  await registry.addUser('ada')
  const session = await sessionOf(registry.url, 'ada', password)
  await publishPackage(registry.url, session, {name: '@ada/base', files: {'text.md': 'base\n'}})
  const created = await fetch(`${registry.url}/auth/tokens`, {
    method: 'POST',
    headers: {'content-type': 'application/json', authorization: `Bearer ${session}`},
    body: JSON.stringify({name: 'ci', packageScope: '@ada/*'}),
  })
  const {token} = (await created.json()) as {token: string}

  const author = await Machine.start(t)
  const manifest = {
    name: '@ada/tool',
    version: '1.0.0',
    type: 'skill',
    description: 'A tool',
    license: 'MIT',
    dependencies: {'@ada/base': '^1.0.0'},
    visibility: 'public',
  }
  await writeFile(path.join(author.home, 'apkg.json'), JSON.stringify(manifest))
  await writeFile(path.join(author.home, 'SKILL.md'), '# A tool\n')
  const locked = await author.apkg(['install'], {env: {APKG_REGISTRY: registry.url}})
  assert.equal(locked.exitCode, 0, locked.stderr)

  const machine = await Machine.start(t)
  const project = path.join(machine.home, 'checkout')
  await mkdir(project)
  for (const file of ['apkg.json', 'apkg-lock.json', 'SKILL.md']) {
    await writeFile(path.join(project, file), await readFile(path.join(author.home, file)))
  }
  const env = {...variables, APKG_REGISTRY: registry.url, APKG_TOKEN: token}
  // The command under test is already installed. A job stops at the first line that fails.
  const script = ['set -e', 'npm() { test "$*" = "install --global apkg"; }', ...steps].join('\n')
  const run = () => machine.shell(script, {env, cwd: project})
  return {machine, project, registry, run}
}
