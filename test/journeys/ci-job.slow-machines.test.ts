import assert from 'node:assert/strict'
import {chmod, mkdir, readFile, rm} from 'node:fs/promises'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import {ciJobs, type CiJob} from '../support/ci-jobs.js'
import {program} from '../support/machine.js'
import {giveAway, onlyRoot, onlyWithMounts, runAsOther, runOnMount} from '../support/other-user.js'
import {startOtherUsersProject} from '../support/other-users-project.js'
import {tempFolder} from '../support/temp-folder.js'

describe('docs/ci.md under a uid without an account or a shell', onlyRoot, () => {
  for (const [title, job] of Object.entries(ciJobs)) {
    for (const home of ['without a home directory', 'with a read-only home directory']) {
      for (const place of ['in the project', 'on its own file system']) {
        const needs = place === 'in the project' ? onlyRoot : onlyWithMounts
        it(
          `docs/ci.md: the job for ${title} runs under a uid without an account, ${home}, and with apkg_packages ${place}`,
          needs,
          async (t) => {
            const {project, script, env} = await checkedOut(t, job)
            const HOME = await readOnlyHome(t)
            const options = {env: home.startsWith('with a ') ? {...env, HOME} : env, cwd: project}
            const run = () =>
              place === 'in the project' ? runAsOther(['bash', '-c', script], options) : runOnMount(script, options)
            const {stdout, stderr, exitCode} = await run()
            assert.equal(exitCode, 0, stderr)
            assert.match(stderr, /Installed 1 package/)
            assert.match(stderr, /Published @ada\/tool@1\.0\.0/)
            assert.doesNotMatch(stderr, /failed|denied|EXDEV/)
            assert.match(stdout, /^base: ---$/m)
            assert.match(await readFile(path.join(project, '.claude/skills/ada-base/SKILL.md'), 'utf8'), /Read\./)
            const again = await run()
            assert.equal(again.exitCode, 0, again.stderr)
            assert.match(again.stderr, /already published with the same content/)
          },
        )
      }
    }
  }
})

/** A home directory that belongs to root. */
async function readOnlyHome(t: TestContext): Promise<string> {
  const home = await tempFolder(t)
  await chmod(home, 0o755)
  return home
}

/** A registry, and the checkout of a package with a lockfile, in a directory of the uid. */
async function checkedOut(t: TestContext, {steps, variables}: CiJob) {
  const {project, env: access} = await startOtherUsersProject(t, {visibility: 'public'})
  const env = {...variables, ...access}
  const home = await tempFolder(t)
  await giveAway(home)
  const locked = await runAsOther([...program, 'install'], {env: {...env, HOME: home}, cwd: project})
  assert.equal(locked.exitCode, 0, locked.stderr)
  await rm(path.join(project, 'apkg_packages'), {recursive: true})
  for (const folder of ['.claude', 'apkg_packages']) await mkdir(path.join(project, folder))
  await giveAway(project)
  const words = program.map((word) => `'${word}'`).join(' ')
  const script = [
    'set -e',
    `apkg() { ${words} "$@"; }`,
    'npm() { test "$*" = "install --global apkg"; }',
    ...steps,
    'echo "base: $(head -1 apkg_packages/@ada/base/SKILL.md)"',
  ].join('\n')
  return {project, script, env}
}
