import assert from 'node:assert/strict'
import {mkdir, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import {shellBlocks} from '../support/ci-page.js'
import {Machine} from '../support/machine.js'
import {password, startRegistry} from '../support/registry.js'

const title = 'Limit the token to a tarball that you approved'
const manifest = {name: '@acme/tool', version: '1.2.3', type: 'skill', license: 'MIT', visibility: 'public'}

/** A registry, a maintainer who is logged in, and two jobs with the same checkout. */
async function world(t: TestContext) {
  const registry = await startRegistry(t)
  await registry.addOrganization('acme', {[await registry.addUser('ada')]: 'publisher'})
  const [ada, building, publishing] = [await Machine.start(t), await Machine.start(t), await Machine.start(t)]
  const env = {APKG_REGISTRY: registry.url}
  const loggedIn = await ada.apkg(['login', '--username', 'ada', '--password-stdin'], {env, input: `${password}\n`})
  assert.equal(loggedIn.exitCode, 0, loggedIn.stderr)
  const [build = '', publish = ''] = shellBlocks(title)
  const run = async (machine: Machine, script: string, {token, files = {}}: {token?: string; files?: Files} = {}) => {
    const cwd = path.join(machine.home, 'checkout')
    await mkdir(cwd, {recursive: true})
    const all = {'apkg.json': JSON.stringify(manifest), 'SKILL.md': '# A tool\n', 'README.md': '# Tool\n', ...files}
    for (const [name, text] of Object.entries(all)) await writeFile(path.join(cwd, name), text)
    return machine.shell(script, {env: {...env, ...(token !== undefined && {APKG_TOKEN: token})}, cwd})
  }
  /** Approves what the build job printed. */
  const approve = async () => {
    const {stdout, stderr} = await run(building, build)
    const [, integrity = stderr] = /^Integrity: (\S+)$/m.exec(stdout) ?? []
    const limits = ['--package', '@acme/tool@1.2.3', '--integrity', integrity]
    const created = await ada.apkg(['token', 'create', '--label', 'release', ...limits], {env})
    assert.equal(created.exitCode, 0, created.stderr)
    return created.stdout.trim()
  }
  return {registry, approve, publish: (options: {token: string; files?: Files}) => run(publishing, publish, options)}
}

type Files = Record<string, string>

describe(`docs/ci.md: ${title.toLowerCase()}`, () => {
  it('docs/ci.md: the second job publishes what the first one built, and can run again', async (t) => {
    const {registry, approve, publish} = await world(t)
    const token = await approve()
    const first = await publish({token})
    assert.equal(first.exitCode, 0, first.stderr)
    assert.match(first.stderr, /Published @acme\/tool@1\.2\.3/)
    const again = await publish({token})
    assert.equal(again.exitCode, 0, again.stderr)
    assert.match(again.stderr, /already published with the same content/)
    const answer = await fetch(`${registry.url}/packages/%40acme%2Ftool`)
    assert.deepEqual(((await answer.json()) as {distTags: object}).distTags, {latest: '1.2.3'})
  })

  it('docs/ci.md: a second job whose checkout changed publishes nothing, and exits with 3', async (t) => {
    const {approve, publish} = await world(t)
    const token = await approve()
    const other = await publish({token, files: {'SKILL.md': '# Malware\n'}})
    assert.equal(other.exitCode, 3, other.stderr)
    assert.match(other.stderr, /does not allow publishing this: the integrity of the tarball must be sha256-/)
    assert.equal((await publish({token, files: {'SKILL.md': '# A tool\n'}})).exitCode, 0)
  })
})
