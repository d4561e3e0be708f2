import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import RegistryPolicyGet from '../../../src/commands/registry/policy/get.js'
import RegistryPolicySet from '../../../src/commands/registry/policy/set.js'
import {assertFailure, withUsers} from '../../support/operator.js'

describe('registry policy', () => {
  it('policy: lists all settings with the values that set accepts', async (t) => {
    const {run} = await withUsers(t)
    const {stdout} = await run(RegistryPolicyGet, [])
    assert.equal(
      stdout,
      'max-token-lifetime\tnever\ndefault-token-lifetime\tnever\nmax-tokens\t1000\nconfirm-after\t10m\nfailed-auth-rate\t60/min\n',
    )
    for (const line of stdout.trim().split('\n')) {
      const [name = '', value = ''] = line.split('\t')
      assert.equal((await run(RegistryPolicySet, [name, value])).exitCode, 0)
    }
    assert.equal((await run(RegistryPolicyGet, [])).stdout, stdout)
  })

  it('policy: set takes effect in a running registry, and get prints it', async (t) => {
    const {world, run, session} = await withUsers(t)
    const set = await run(RegistryPolicySet, ['max-token-lifetime', '12w'])
    assert.deepEqual([set.exitCode, set.stdout, set.stderr], [0, '', 'Set max-token-lifetime = 84d\n'])
    assert.equal((await run(RegistryPolicyGet, ['max-token-lifetime'])).stdout, '84d\n')
    const {status} = await world.call('POST', '/auth/tokens', {token: session, body: {name: 'ci', expiresIn: 'never'}})
    assert.equal(status, 403)
    const {settings} = JSON.parse((await run(RegistryPolicyGet, ['max-token-lifetime', '--json'])).stdout)
    assert.deepEqual(settings, [{name: 'max-token-lifetime', value: '84d', isDefault: false}])
    await run(RegistryPolicySet, ['max-token-lifetime', 'never'])
    assert.equal((await run(RegistryPolicyGet, ['max-token-lifetime'])).stdout, 'never\n')
  })

  it('policy: failed-auth-rate takes effect in a running registry', async (t) => {
    const {world, run} = await withUsers(t)
    const guess = async () => (await world.call('GET', '/auth/whoami', {token: 'guessed'})).status
    assert.equal((await run(RegistryPolicySet, ['failed-auth-rate', '2/min'])).exitCode, 0)
    assert.deepEqual([await guess(), await guess(), await guess()], [401, 401, 429])
    await run(RegistryPolicySet, ['failed-auth-rate', '0'])
    assert.deepEqual([await guess(), await guess(), await guess()], [401, 401, 401])
  })

  for (const [name, value] of [
    ['max-token-lifetime', '2027-01-31'],
    ['max-token-lifetime', 'long'],
    ['default-token-lifetime', '0'],
    ['max-tokens', '-1'],
    ['max-tokens', 'never'],
    ['failed-auth-rate', '60/h'],
    ['min-token-lifetime', '1h'],
  ]) {
    it(`policy: refuses ${name} ${value}`, async (t) => {
      const {run} = await withUsers(t)
      assertFailure(await run(RegistryPolicySet, [name!, '--json', '--', value!]), 'USAGE', 2)
      assert.ok(
        JSON.parse((await run(RegistryPolicyGet, ['--json'])).stdout).settings.every(
          (each: {isDefault: boolean}) => each.isDefault,
        ),
      )
    })
  }

  it('policy: refuses a default that is longer than the maximum', async (t) => {
    const {run} = await withUsers(t)
    await run(RegistryPolicySet, ['max-token-lifetime', '30d'])
    assertFailure(await run(RegistryPolicySet, ['default-token-lifetime', '90d', '--json']), 'POLICY_CONTRADICTORY', 2)
    assert.equal((await run(RegistryPolicyGet, ['default-token-lifetime'])).stdout, 'never\n')
  })
})
