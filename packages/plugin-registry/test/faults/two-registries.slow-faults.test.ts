import assert from 'node:assert/strict'
import {randomInt} from 'node:crypto'
import {it} from 'node:test'

import {isWithoutNginx} from '../proxy/nginx.js'
import {skipWithoutPostgres} from '../support/postgres-server.js'
import {randomFrom} from '../support/random-from.js'
import {isS3Missing} from '../support/s3-server.js'
import {checkEverything} from './check-everything.js'
import {Clients} from './clients.js'
import {deploy} from './deployment.js'
import {injectFault} from './faults.js'
import {Ledger} from './ledger.js'

/** Set FAULT_ROUNDS to 200 for the full proof. */
const rounds = Number(process.env['FAULT_ROUNDS'] ?? 100)

/** How many clients send requests. Some wait for connections that stall. */
const clientCount = 12

it(
  'two registries: keep what they acknowledged through faults of both and of their stores',
  {skip: skipWithoutPostgres()},
  async (t) => {
    if (isWithoutNginx(t) || isS3Missing(t)) return
    const seed = Number(process.env['FAULT_SEED'] ?? randomInt(2 ** 31))
    t.diagnostic(`FAULT_SEED=${seed}`)
    const random = randomFrom(seed)
    const deployment = await deploy(t, clientCount)
    const ledger = new Ledger()
    const clients = new Clients(deployment, ledger, randomFrom(seed + 1))
    const seen = new Map<string, number>()
    for (let round = 1; round <= rounds; round++) {
      await clients.acknowledge(1 + Math.floor(random() * 5))
      const began = performance.now()
      const name = await injectFault(deployment, random)
      await clients.acknowledge(5)
      seen.set(name, (seen.get(name) ?? 0) + 1)
      t.diagnostic(`round ${round}: ${name}, ${Math.round(performance.now() - began)} ms`)
    }
    await clients.stop()
    t.diagnostic(JSON.stringify(Object.fromEntries([...ledger.counts].sort())))
    await checkEverything(deployment, ledger)
    const made = ledger.tokens.filter(({creation}) => creation === 'made').length
    assert.ok(made > rounds, `${made} tokens`)
  },
)
