import assert from 'node:assert/strict'
import {mkdir, readdir, readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {it, type TestContext} from 'node:test'

import {trustedJobs, type CiJob} from '../support/ci-jobs.js'
import {shellBlocks} from '../support/ci-page.js'
import {startCi, type CiWorld} from '../support/ci-runner.js'
import {Machine} from '../support/machine.js'
import {publishPackage} from '../support/publish-package.js'
import {password} from '../support/registry.js'

it('docs/ci.md: publishing from GitHub Actions works without a secret, even the first version of a package', async (t) => {
  const ci = await startCi(t)
  assert.equal(await ci.addPublisher(), 201)
  const {machine, runJob} = await checkedOut(t, ci, trustedJobs['GitHub Actions'])
  const first = await runJob(ci.githubJob())
  assert.equal(first.exitCode, 0, first.stderr)
  assert.match(first.stderr, /Installed 1 package/)
  assert.match(first.stderr, /Publishing as acme\/tool, publish\.yml on GitHub Actions \(trusted publisher\)/)
  assert.match(first.stderr, /Published @acme\/tool@1\.0\.0/)
  assert.equal(ci.idTokenRequests.length, 1, 'install and publish share one exchange')
  assert.equal(ci.idTokenRequests[0]?.audience, ci.registry.url)
  await assert.rejects(machine.file('credentials.json'), /ENOENT/)
  const again = await runJob(ci.githubJob())
  assert.equal(again.exitCode, 0, again.stderr)
  assert.match(again.stderr, /already published with the same content/)
  assertNoSecrets(ci, first, again)

  const reader = await Machine.start(t)
  const env = {APKG_REGISTRY: ci.registry.url}
  const info = await reader.apkg(['info', '@acme/tool'], {env})
  assert.match(info.stdout, /^Published by: github:acme\/tool$/m)
  assert.match(
    info.stdout,
    /^Source, attested by the registry:\n {2}acme\/tool, publish\.yml on GitHub Actions\n {2}Commit: 6113728f/m,
  )
  await writeFile(
    path.join(reader.home, 'apkg.json'),
    JSON.stringify({name: '@bob/project', version: '1.0.0', type: 'project'}),
  )
  const added = await reader.apkg(['add', '@acme/tool'], {env: {...env, APKG_TOKEN: ci.session}})
  assert.equal(added.exitCode, 0, added.stderr)
  const verified = await reader.apkg(['verify', '--json', '@acme/tool'], {env: {...env, APKG_TOKEN: ci.session}})
  const [{source, provenance}] = JSON.parse(verified.stdout).packages
  assert.deepEqual(
    [source.status, source.repository, source.provider, provenance],
    ['verified', 'acme/tool', 'github', 'none'],
  )
  const strict = await reader.apkg(['verify', '--strict', '@acme/tool'], {env: {...env, APKG_TOKEN: ci.session}})
  const [failed, why] = strict.stderr.trimEnd().split('\n').slice(-2)
  assert.deepEqual([strict.exitCode, failed], [8, 'Verification failed for 1 package: @acme/tool@1.0.0'])
  assert.equal(why, 'Not signed by an author, because a trusted publisher published it: @acme/tool@1.0.0')
  const table = await reader.apkg(['verify', '@acme/tool'], {env: {...env, APKG_TOKEN: ci.session}})
  assert.match(table.stdout, /\tacme\/tool, publish\.yml on GitHub Actions at 6113728f27ae \(http:\/\/127\.0\.0\.1:/)
})

it('docs/ci.md: the commands that add a trusted publisher let the job on the page publish', async (t) => {
  const ci = await startCi(t)
  await publishPackage(ci.registry.url, ci.session, {name: '@acme/tool', version: '0.9.0'})
  const {project, runJob} = await checkedOut(t, ci, trustedJobs['GitHub Actions'])
  const before = await runJob(ci.githubJob())
  assert.notEqual(before.exitCode, 0)
  const laptop = await Machine.start(t)
  const env = {APKG_REGISTRY: ci.registry.url}
  const login = ['login', '--username', 'ada', '--password-stdin']
  assert.equal((await laptop.apkg(login, {env, input: password})).exitCode, 0)
  const lines = shellBlocks('Publish without a stored secret', 'console')
    .flatMap((block) => block.split('\n'))
    .filter((line) => line.includes('trusted-publisher add') && line.includes('--github'))
  assert.equal(lines.length, 2)
  for (const line of lines) {
    // GitHub itself doesn't issue ID tokens for this test.
    const added = await laptop.shell(`${line.slice(2)} --issuer ${ci.issuer}`, {env, cwd: project})
    assert.equal(added.exitCode, 0, added.stderr)
  }
  const published = await runJob(ci.githubJob())
  assert.equal(published.exitCode, 0, published.stderr)
  assert.match(published.stderr, /Published @acme\/tool@1\.0\.0/)
})

it('docs/ci.md: publishing from GitLab works without a secret, with one ID token for install and publish', async (t) => {
  const ci = await startCi(t)
  assert.equal(
    await ci.addPublisher({provider: 'gitlab', claims: {project_path: 'acme/tool'}, workflow: undefined}),
    201,
  )
  const {runJob} = await checkedOut(t, ci, trustedJobs['GitLab'])
  const job = await ci.gitlabJob()
  const first = await runJob(job)
  assert.equal(first.exitCode, 0, first.stderr)
  assert.match(first.stderr, /Publishing as acme\/tool, \.gitlab-ci\.yml on GitLab CI\/CD \(trusted publisher\)/)
  assert.match(first.stderr, /Published @acme\/tool@1\.0\.0/)
  const exchanges = ci.registry.requests.filter((each) => each === 'POST /auth/oidc/exchange')
  assert.equal(exchanges.length, 1)
  assertNoSecrets(ci, first)
})

it('trusted publishing: a dry run names the job, sends nothing, and fails as publishing would', async (t) => {
  const ci = await startCi(t)
  await ci.addPublisher({package: '@acme/tool'})
  const {machine, project} = await checkedOut(t, ci, trustedJobs['GitHub Actions'])
  const env = {...ci.githubJob(), APKG_REGISTRY: ci.registry.url, RUNNER_TEMP: path.join(machine.home, 'runner-temp')}
  const dryRun = () => machine.apkg(['publish', '--dry-run'], {env, cwd: project})
  const first = await dryRun()
  assert.equal(first.exitCode, 3, first.stderr)
  assert.match(first.stderr, /only a trusted publisher of @acme\/\* can publish new packages/)
  await publishPackage(ci.registry.url, ci.session, {name: '@acme/tool', version: '0.9.0'})
  const second = await dryRun()
  assert.equal(second.exitCode, 0, second.stderr)
  assert.match(second.stderr, /Publishing as acme\/tool, publish\.yml on GitHub Actions \(trusted publisher\)/)
  assert.match(second.stderr, /Nothing was sent \(--dry-run\)/)
  assert.equal(ci.idTokenRequests.length, 1, 'both share one exchange')
  const answer = await fetch(`${ci.registry.url}/packages/%40acme%2Ftool`)
  assert.deepEqual(Object.keys(((await answer.json()) as {versions: object}).versions), ['0.9.0'])
})

it('trusted publishing: search finds public packages without exchanging the ID token, and says so', async (t) => {
  const ci = await startCi(t)
  await ci.addPublisher()
  await publishPackage(ci.registry.url, ci.session, {name: '@acme/shown'})
  await publishPackage(ci.registry.url, ci.session, {name: '@acme/hidden', visibility: 'private'})
  const machine = await Machine.start(t)
  const env = {...ci.githubJob(), APKG_REGISTRY: ci.registry.url, RUNNER_TEMP: machine.home}
  const inJob = await machine.apkg(['search', 'acme', '--json'], {env})
  assert.deepEqual(
    JSON.parse(inJob.stdout).results.map(({name}: {name: string}) => name),
    ['@acme/shown'],
  )
  assert.match(inJob.stderr, /^Only public packages were searched, because the ID token of the job is not exchanged/)
  assert.deepEqual([ci.idTokenRequests.length, inJob.exitCode], [0, 0])
  const atHome = await machine.apkg(['search', 'acme'], {env: {APKG_REGISTRY: ci.registry.url}})
  assert.doesNotMatch(atHome.stderr, /Only public/)
})

it('trusted publishing: the kept token is private, encrypted and bound to its job and registry', async (t) => {
  const ci = await startCi(t)
  await ci.addPublisher()
  const machine = await Machine.start(t)
  const temporary = path.join(machine.home, 'runner-temp')
  await mkdir(temporary)
  const env = {...ci.githubJob(), APKG_REGISTRY: ci.registry.url, RUNNER_TEMP: temporary}
  const first = await machine.apkg(['whoami', '--json'], {env})
  assert.equal(JSON.parse(first.stdout).credential.job.repository, 'acme/tool')
  const [folder = ''] = await readdir(temporary)
  const files = await readdir(path.join(temporary, folder))
  assert.equal(files.length, 1)
  const content = await readFile(path.join(temporary, folder, files[0] ?? ''), 'latin1')
  assert.doesNotMatch(content, /apkgt_|acme|127\.0\.0\.1/)
  await machine.apkg(['whoami'], {env})
  assert.equal(ci.idTokenRequests.length, 1)
  const other = await machine.apkg(['whoami'], {env: {...env, ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'another job'}})
  assert.equal(other.exitCode, 5)
  assert.match(other.stderr, /GitHub Actions did not issue an ID token: it responded with status 401/)
})

function assertNoSecrets({idTokens}: CiWorld, ...outcomes: {stdout: string; stderr: string}[]): void {
  for (const {stdout, stderr} of outcomes) {
    assert.doesNotMatch(stdout + stderr, /apkgt_|request-token-of-the-job/)
    for (const token of idTokens) assert.ok(!(stdout + stderr).includes(token.slice(0, 60)))
  }
}

/** A machine with only a checkout of @acme/tool, which depends on the private package @acme/base. */
async function checkedOut(t: TestContext, ci: CiWorld, job: CiJob | undefined) {
  assert(job)
  const {registry, session} = ci
  const base = {name: '@acme/base', visibility: 'private' as const, files: {'text.md': 'base\n'}}
  await publishPackage(registry.url, session, base)
  const author = await Machine.start(t)
  const manifest = {
    ...{name: '@acme/tool', version: '1.0.0', type: 'skill', description: 'A tool', license: 'MIT'},
    dependencies: {'@acme/base': '^1.0.0'},
    visibility: 'public',
  }
  await writeFile(path.join(author.home, 'apkg.json'), JSON.stringify(manifest))
  await writeFile(path.join(author.home, 'SKILL.md'), '# A tool\n')
  const locked = await author.apkg(['install'], {env: {APKG_REGISTRY: registry.url, APKG_TOKEN: session}})
  assert.equal(locked.exitCode, 0, locked.stderr)

  const machine = await Machine.start(t)
  const project = path.join(machine.home, 'checkout')
  const temporary = path.join(machine.home, 'runner-temp')
  await mkdir(project)
  await mkdir(temporary)
  for (const file of ['apkg.json', 'apkg-lock.json', 'SKILL.md']) {
    await writeFile(path.join(project, file), await readFile(path.join(author.home, file)))
  }
  const {steps, variables} = job
  const script = ['set -e', 'npm() { test "$*" = "install --global apkg"; }', ...steps].join('\n')
  const runJob = (env: Record<string, string>) =>
    machine.shell(script, {
      env: {...variables, APKG_REGISTRY: registry.url, RUNNER_TEMP: temporary, ...env},
      cwd: project,
    })
  return {machine, project, runJob}
}
