import assert from 'node:assert/strict'
import {once} from 'node:events'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import RegistryAuditVerify from '../../../src/commands/registry/audit/verify.js'
import RegistryBackup from '../../../src/commands/registry/backup.js'
import RegistryRecovered from '../../../src/commands/registry/recovered.js'
import RegistryRestore from '../../../src/commands/registry/restore.js'
import {blobOpener} from '../../../src/operator/open-blobs.js'
import {collectUnused} from '../../../src/server/operations/collect-garbage.js'
import {openToServe} from '../../../src/server/operations/open-registry.js'
import {operator} from '../../../src/server/store/store.js'
import {listed} from '../../support/blobs.js'
import {assertFailure} from '../../support/operator.js'
import {config} from '../../support/oclif-config.js'
import {isS3Missing, newPrefix, startS3} from '../../support/s3-server.js'
import {send, serve, start} from '../../support/served.js'
import {packageOf, publish} from '../../support/uploads.js'
import {createWorld, day, temporaryFolder} from '../../support/world.js'
import {runCommand} from '../../../../../test/support/run-command.js'

/** A registry with a package, whose tarballs are in S3. */
async function withBucket(t: TestContext) {
  const s3 = await startS3(t)
  const location = `s3://apkg/${newPrefix()}data`
  const openBlobs = await blobOpener(location, {env: s3.env})
  const world = await createWorld(t, {}, undefined, (folder) => openToServe(folder, assert.ifError, openBlobs))
  await world.addUser('ada')
  const {accessToken: session} = await world.logIn('ada')
  const sent = await packageOf({name: '@ada/tool'}, {'text.md': 'some text'.repeat(100)})
  assert.equal((await publish(world, session, sent)).status, 201)
  const home = temporaryFolder(t)
  const run = (command: Parameters<typeof runCommand>[0], argv: string[], blobs: string | undefined = location) =>
    runCommand(command, [...argv, ...(blobs === '' ? [] : ['--blobs', blobs]), '--json'], config, {
      ...{home, now: new Date(world.now()), env: s3.env},
    })
  const download = async (headers: Record<string, string> = {}) => {
    const {
      statusCode,
      rawPayload,
      headers: received,
    } = await world.app.inject({
      url: '/packages/@ada%2Ftool/1.0.0/tarball',
      headers,
    })
    return {status: statusCode, bytes: rawPayload, headers: received}
  }
  return {s3, location, world, session, sent, home, run, download}
}

describe('a registry with tarballs in S3', () => {
  it('--blobs: publishes, downloads, backs up, restores and verifies', async (t) => {
    if (isS3Missing(t)) return
    const {s3, world, sent, home, run, download} = await withBucket(t)
    assert.deepEqual((await download()).bytes, Buffer.from(sent.tarball))
    const part = await download({range: 'bytes=1-3'})
    assert.deepEqual([part.status, part.bytes], [206, Buffer.from(sent.tarball.subarray(1, 4))])

    const backup = path.join(home, 'backup')
    assertFailure(await run(RegistryBackup, [backup, '--data', world.folder], ''), 'REGISTRY_BLOBS_ELSEWHERE', 1)
    const backedUp = await run(RegistryBackup, [backup, '--data', world.folder])
    assert.equal(backedUp.exitCode, 0, backedUp.stdout)
    const verified = await run(RegistryAuditVerify, ['--data', world.folder])
    assert.deepEqual(JSON.parse(verified.stdout).problems, [])

    const data = path.join(home, 'data')
    const target = `s3://apkg/${newPrefix()}restored`
    const restored = await run(RegistryRestore, [backup, '--data', data], target)
    assert.equal(restored.exitCode, 0, restored.stdout)
    const opened = await openToServe(data, assert.ifError, await blobOpener(target, {env: s3.env}))
    const key = (await opened.store.packages.version('@ada/tool', '1.0.0'))?.key ?? ''
    assert.equal(await opened.blobs.sizeOf(key), sent.tarball.length)
    await opened.blobs.writeHead({position: 1, mac: 'x'})
    await opened.store.close()
    const again = await run(RegistryRestore, [backup, '--data', path.join(home, 'again')], target)
    assertFailure(again, 'REGISTRY_BLOBS_IN_USE', 1)
  })

  it('--blobs: a registry is never served without its bucket', async (t) => {
    if (isS3Missing(t)) return
    const {s3, home, run, world} = await withBucket(t)
    const backup = path.join(home, 'backup')
    const data = path.join(home, 'data')
    await run(RegistryBackup, [backup, '--data', world.folder])
    const location = `s3://apkg/${newPrefix()}served`
    await run(RegistryRestore, [backup, '--data', data], location)
    Object.assign(process.env, s3.env)
    t.after(() => {
      for (const name of Object.keys(s3.env)) Reflect.deleteProperty(process.env, name)
    })
    const refused = start(t, data, '--json')
    let output = ''
    refused.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()))
    await once(refused, 'exit')
    assert.equal(JSON.parse(output).error.code, 'REGISTRY_BLOBS_ELSEWHERE')
    const {url} = await serve(t, data, '--blobs', location)
    const ready = await send(`${url}/readyz`, 'GET')
    assert.deepEqual([ready?.status, ready?.body.blobs], [200, 'ok'])
  })

  it('--blobs: while the bucket is down, only what needs it gets 503', async (t) => {
    if (isS3Missing(t)) return
    const {s3, world, session, run, download} = await withBucket(t)
    await s3.stop()
    const down = await download()
    assert.deepEqual([down.status, down.headers['retry-after']], [503, '5'])
    const refused = await publish(world, session, await packageOf({name: '@ada/other'}))
    assert.deepEqual([refused.status, refused.headers['retry-after']], [503, '5'])
    const ready = await world.call('GET', '/readyz')
    assert.deepEqual([ready.status, ready.body.blobs], [200, 'unavailable'])
    for (const url of ['/packages/@ada%2Ftool', '/auth/whoami']) {
      assert.equal((await world.call('GET', url, {token: session})).status, 200, url)
    }
    const recovered = await run(RegistryRecovered, ['--data', world.folder])
    assertFailure(recovered, 'REGISTRY_BLOBS_UNAVAILABLE', 1)
    assert.equal((await world.call('GET', '/auth/whoami', {token: session})).status, 200)
    await s3.start()
    assert.equal((await download()).status, 200)
    assert.equal((await publish(world, session, await packageOf({name: '@ada/other'}))).status, 201)
  })

  it('--blobs: unused objects are deleted after the grace period', async (t) => {
    if (isS3Missing(t)) return
    const {world} = await withBucket(t)
    await world.store.packages.takeDown({name: '@ada/tool', version: '1.0.0', reason: 'x'}, operator, world.now())
    world.pass(day)
    const collect = () => collectUnused(world, {holder: 'test', gracePeriod: day, clock: () => new Date(world.now())})
    assert.equal((await collect())?.blobs, 1)
    assert.deepEqual(await listed(world.blobs), [])
  })
})
