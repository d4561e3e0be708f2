import assert from 'node:assert/strict'
import {mkdir, readFile, rm, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {it} from 'node:test'

import {Machine} from '../support/machine.js'
import {publishPackage, sessionOf} from '../support/publish-package.js'
import {password, startRegistry} from '../support/registry.js'
import {repository} from '../support/repository.js'

it('docs/two-registries.md: its commands run as printed, with two registries', async (t) => {
  const [selected, acme] = [await startRegistry(t), await startRegistry(t)]
  await selected.addUser('ada')
  await acme.addUser('acme')
  const session = await sessionOf(acme.url, 'acme', password)
  const skill = {'SKILL.md': '---\nname: review\ndescription: Reviews code.\n---\nReview.\n'}
  await publishPackage(selected.url, await sessionOf(selected.url, 'ada', password), {
    name: '@ada/review',
    files: skill,
  })
  const dependencies = {'@ada/review': '^1.0.0'}
  await publishPackage(acme.url, session, {name: '@acme/deploy', visibility: 'private', dependencies, files: skill})
  const token = await tokenOf(acme.url, session)

  const page = (await readFile(path.join(repository, 'docs/two-registries.md'), 'utf8')).replaceAll(
    'https://registry.example.com',
    acme.url,
  )
  const [route = [], use = [], accept = []] = [...page.matchAll(/^```sh\n([^]*?)^```$/gm)].map(linesOf)
  const [, proposal = ''] = /^```json\n([^]*?)^```$/m.exec(page) ?? []
  const job = [...page.matchAll(/^ {2}- run: (.*)$/gm)].flatMap(linesOf)
  assert.deepEqual([route.length, use.length, accept.length, job.length], [2, 3, 2, 2])

  const me = await userOf(t, selected.url)
  await me.run(route)
  await me.run(use)
  assert.match(await me.read('apkg-lock.json'), new RegExp(`"@acme": "${acme.url}"`))
  await me.propose(proposal)
  await me.run(['apkg install --frozen-lockfile'])

  const colleague = await userOf(t, selected.url, me.project)
  await rm(path.join(me.project, 'apkg_packages'), {recursive: true})
  await colleague.run([route[0] ?? ''])
  const refused = await colleague.machine.apkg(['install'], colleague.options)
  assert.equal(refused.exitCode, 3)
  assert.match(refused.stderr, /apkg trust accept[^]*apkg trust add @acme/)
  await colleague.run(accept)

  const variable = `APKG_TOKEN__127_0_0_1_${new URL(acme.url).port}`
  const runner = await userOf(t, selected.url, me.project, {[variable]: token})
  await rm(path.join(me.project, 'apkg_packages'), {recursive: true})
  await runner.run(job)

  const received = [...selected.requests.map(decodeURIComponent), ...selected.bodies]
  assert.deepEqual(
    received.filter((each) => each.includes('@acme')),
    [],
  )
})

function linesOf([, block = '']: RegExpExecArray): string[] {
  return block.trim().split('\n')
}

async function tokenOf(registry: string, session: string): Promise<string> {
  const response = await fetch(`${registry}/auth/tokens`, {
    method: 'POST',
    headers: {'content-type': 'application/json', authorization: `Bearer ${session}`},
    body: JSON.stringify({name: 'ci'}),
  })
  return ((await response.json()) as {token: string}).token
}

/** A machine of a user, with a project. */
async function userOf(
  t: Parameters<typeof Machine.start>[0],
  registry: string,
  folder?: string,
  variables: NodeJS.ProcessEnv = {},
) {
  const machine = await Machine.start(t)
  const project = folder ?? path.join(machine.home, 'project')
  const manifest = path.join(project, 'apkg.json')
  if (folder === undefined) {
    await mkdir(path.join(project, '.claude'), {recursive: true})
    await writeFile(manifest, JSON.stringify({name: '@ada/project', version: '1.0.0', type: 'project'}))
  }
  const options = {cwd: project, env: {APKG_REGISTRY: registry, ...variables}}
  return {
    machine,
    project,
    options,
    read: (file: string) => readFile(path.join(project, file), 'utf8'),
    /** Adds the fields of a JSON text to the manifest. */
    async propose(text: string) {
      const fields = JSON.parse(await readFile(manifest, 'utf8'))
      await writeFile(manifest, JSON.stringify({...fields, ...JSON.parse(text)}))
    },
    async run(lines: readonly string[]) {
      for (const line of lines) {
        const [, ...words] = line.split(' ')
        const login = words[0] === 'login' ? ['--username', 'acme', '--password-stdin'] : []
        const {exitCode, stderr} = await machine.apkg([...words, ...login], {...options, input: password})
        assert.equal(exitCode, 0, `${line}\n${stderr}`)
        assert.doesNotMatch(stderr, /Update available/)
      }
    },
  }
}
