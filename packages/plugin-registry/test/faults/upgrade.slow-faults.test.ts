import assert from 'node:assert/strict'
import {describe, it, type TestContext} from 'node:test'

import {isWithoutNginx} from '../proxy/nginx.js'
import {skipWithoutPostgres} from '../support/postgres-server.js'
import {randomFrom} from '../support/random-from.js'
import {isS3Missing} from '../support/s3-server.js'
import {checkEverything} from './check-everything.js'
import {Clients} from './clients.js'
import {deploy} from './deployment.js'
import {Ledger} from './ledger.js'

/** Two registries of this version, with clients that send requests all the time. */
async function start(t: TestContext) {
  const deployment = await deploy(t, 6)
  const ledger = new Ledger()
  const clients = new Clients(deployment, ledger, randomFrom(1))
  const finish = async () => {
    await clients.acknowledge(20)
    await clients.stop()
    await checkEverything(deployment, ledger)
  }
  const [one, other] = deployment.replicas
  await clients.acknowledge(20)
  return {...deployment, clients, one, other, finish}
}

// No release has used PostgreSQL yet, so the later version is this one with one more migration.
describe('a registry of a later version', {skip: skipWithoutPostgres()}, () => {
  it('later version: its migration runs under load, and registries of both versions share the database', async (t) => {
    if (isWithoutNginx(t) || isS3Missing(t)) return
    const {clients, one, other, finish, migrateLater} = await start(t)
    assert.deepEqual(await migrateLater(), ['9999-later'])
    await clients.acknowledge(20)
    for (const replica of [one, other]) {
      await replica.stop()
      await replica.start({isLater: true})
      await clients.acknowledge(20)
    }
    await finish()
  })

  it('later version: after its migration, registries go back to the earlier one', async (t) => {
    if (isWithoutNginx(t) || isS3Missing(t)) return
    const {clients, one, other, finish, migrateLater} = await start(t)
    await assert.rejects(async () => {
      await one.stop()
      await one.start({isLater: true})
    }, /9999-later/)
    assert.deepEqual(await migrateLater(), ['9999-later'])
    for (const isLater of [true, false]) {
      for (const replica of [one, other]) {
        await replica.stop()
        await replica.start({isLater})
        await clients.acknowledge(20)
      }
    }
    await finish()
  })
})
