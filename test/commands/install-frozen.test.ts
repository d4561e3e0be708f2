import assert from 'node:assert/strict'
import {createHash, randomBytes} from 'node:crypto'
import {cp, readFile, rm, stat, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'node:test'

import Install from '../../src/commands/install.js'
import {inputDigest} from '../../src/project/installation/input-digest.js'
import {ensureLedgerKey} from '../../src/files/ledger-key.js'
import {readLedger, writeLedger} from '../../src/project/installation/ledger.js'
import {pinElsewhere, projectState, startAcmeProject} from '../support/acme-project.js'
import {failureOf} from '../support/command.js'
import {type TestProject} from '../support/project.js'
import {tempFolder} from '../support/temp-folder.js'

const frozen = ['--frozen-lockfile']

describe('install --frozen-lockfile', () => {
  it('install --frozen-lockfile: installs what is in the lockfile, and writes neither lockfile nor manifest', async (t) => {
    const {registry, project} = await startAcmeProject(t)
    await project.succeed(Install)
    await registry.put({name: '@acme/lib', version: '1.2.0'})
    for (const folder of [project.at('apkg_packages'), path.join(project.home, '.apkg/cache')]) {
      await rm(folder, {recursive: true})
    }
    const before = await projectState(project)
    registry.requests.length = 0
    await project.succeed(Install, frozen)
    const files = ['apkg.json', 'apkg-lock.json']
    const now = await Promise.all(files.map((file) => stat(project.at(file))))
    assert.deepEqual(now.map(({mtimeMs, ctimeMs, ino}) => [mtimeMs, ctimeMs, ino]).sort(), before.stats.sort())
    assert.equal((await project.installed())['@acme/lib'], '1.1.0')
    assert.deepEqual(registry.requests.sort(), [
      'GET /packages/@acme/app/1.0.0/tarball',
      'GET /packages/@acme/lib/1.1.0/tarball',
      'GET /packages/@other/deep/1.0.0/tarball',
      'POST /packages/status',
    ])
  })

  it('install --frozen-lockfile: finds a modified file with unchanged size and times', async (t) => {
    const {project} = await startAcmeProject(t)
    await project.succeed(Install)
    const ledger = project.at('apkg_packages/.ledger.json')
    const guide = project.at('apkg_packages/@acme/lib/docs/guide.md')
    await writeFile(guide, 'NEWER GUIDE')
    const {mtimeMs, ctimeMs, ino} = await stat(guide)
    const key = await ensureLedgerKey(project.home)
    const content = await readLedger(ledger, key)
    for (const file of [...content.packages.values()].flatMap(({files}) => files)) {
      if (file.path === 'docs/guide.md') Object.assign(file, {mtimeMs, ctimeMs, ino})
    }
    await writeLedger(ledger, content, {key, scratch: project.folder})
    assert.match((await project.succeed(Install)).stderr, /^Up to date/)
    assert.match((await project.succeed(Install, frozen)).stderr, /^Installed 1 package/m)
    assert.equal(await readFile(guide, 'utf8'), 'newer guide')
  })

  it('install --frozen-lockfile: reinstalls packages that came with a ledger of another user', async (t) => {
    const {project} = await startAcmeProject(t)
    await project.succeed(Install)
    const guide = project.at('apkg_packages/@acme/lib/docs/guide.md')
    await writeFile(guide, 'forged')
    const ledgerFile = project.at('apkg_packages/.ledger.json')
    const key = await ensureLedgerKey(project.home)
    const ledger = await readLedger(ledgerFile, key)
    const forged = {size: 6, sha256: createHash('sha256').update('forged').digest('hex')}
    for (const file of ledger.packages.get('@acme/lib')?.files ?? []) {
      if (file.path === 'docs/guide.md') Object.assign(file, forged)
    }
    await writeLedger(ledgerFile, ledger, {key, scratch: project.folder})
    assert.match((await project.succeed(Install, frozen)).stderr, /^Up to date/)
    for (const argv of [[], frozen]) {
      const copy = await tempFolder(t)
      await cp(project.folder, copy, {recursive: true})
      await writeFile(path.join(project.home, '.apkg/ledger.key'), randomBytes(32))
      const {stderr} = await project.succeed(Install, argv, {cwd: copy})
      assert.match(stderr, /^Installed 3 packages/m)
      assert.equal(await readFile(path.join(copy, 'apkg_packages/@acme/lib/docs/guide.md'), 'utf8'), 'newer guide')
    }
  })

  const refusals: Record<string, [string, (project: TestProject) => Promise<unknown>]> = {
    'a missing lockfile': ['LOCKFILE_NOT_FOUND', (project) => rm(project.at('apkg-lock.json'))],
    'another range in the manifest': [
      'LOCKFILE_STALE',
      async (project) => {
        const text = await readFile(project.at('apkg.json'), 'utf8')
        await writeFile(project.at('apkg.json'), text.replace('^1.0.0', '^2.0.0'))
      },
    ],
    'a locked package that nothing requires': [
      'LOCKFILE_STALE',
      async (project) => {
        const text = await readFile(project.at('apkg.json'), 'utf8')
        await writeFile(project.at('apkg.json'), text.replace('@acme/app', '@other/deep').replace('^1.0.0', '*'))
      },
    ],
    'a damaged lockfile': ['LOCKFILE_DAMAGED', (project) => writeFile(project.at('apkg-lock.json'), '{')],
    'a lockfile of another registry': [
      'LOCKFILE_OTHER_REGISTRY',
      async (project) => {
        const lock = JSON.parse(await readFile(project.at('apkg-lock.json'), 'utf8'))
        await writeFile(project.at('apkg-lock.json'), JSON.stringify({...lock, registry: 'https://r.example'}))
      },
    ],
    'a damaged manifest': ['MANIFEST_INVALID', (project) => writeFile(project.at('apkg.json'), '{')],
    'a missing manifest': ['MANIFEST_NOT_FOUND', (project) => rm(project.at('apkg.json'))],
    'a scope routed to another registry': [
      'LOCKFILE_OTHER_REGISTRY',
      async (project) => {
        await rm(project.at('apkg_packages'), {recursive: true})
        await pinElsewhere(project)
      },
    ],
    'a scope routed to another registry after the installation': ['LOCKFILE_OTHER_REGISTRY', pinElsewhere],
    'a lockfile of another registry that the ledger was synced with': [
      'LOCKFILE_OTHER_REGISTRY',
      async (project) => {
        const lock = JSON.parse(await readFile(project.at('apkg-lock.json'), 'utf8'))
        const registry = lock.registry
        const lockfile = JSON.stringify({...lock, registry: 'https://r.example'})
        await writeFile(project.at('apkg-lock.json'), lockfile)
        const {dependencies = {}} = await project.manifest()
        const key = await ensureLedgerKey(project.home)
        const ledger = await readLedger(project.at('apkg_packages/.ledger.json'), key)
        const basis = inputDigest({registry, elsewhere: {}, dependencies, lockfile, signatures: 'warn'})
        await writeLedger(project.at('apkg_packages/.ledger.json'), {...ledger, basis}, {key, scratch: project.folder})
      },
    ],
  }
  for (const [what, [code, make]] of Object.entries(refusals)) {
    it(`install --frozen-lockfile: rejects ${what}, without changes or requests`, async (t) => {
      const {registry, project} = await startAcmeProject(t)
      await project.succeed(Install)
      await make(project)
      const before = await projectState(project)
      registry.requests.length = 0
      assert.equal(failureOf(await project.run(Install, [...frozen, '--json'])).code, code)
      assert.deepEqual(await projectState(project), before)
      assert.deepEqual(registry.requests, [])
    })
  }
})
