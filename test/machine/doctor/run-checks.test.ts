import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import type {Check, Patient} from '../../../src/machine/doctor/check.js'
import {examine} from '../../../src/machine/doctor/run-checks.js'
import {problem, type Finding} from '../../../src/machine/doctor/finding.js'

const check = (title: string, finding: Finding): Check => ({
  name: 'files',
  title,
  examine: () => Promise.resolve([finding]),
})

async function said(...checks: Check[]): Promise<string[]> {
  const {findings} = await examine(checks, {} as Patient)
  return findings.map(({status, message, fix}) => `${status}: ${message} → ${fix}`)
}

describe('an examination', () => {
  it('tells once what keeps several checks from looking', async () => {
    const damaged = problem('the settings are damaged', 'fix them')
    assert.deepEqual(await said(check('One', damaged), check('Other', damaged)), [
      'problem: the settings are damaged → fix them',
      'warning: not checked → see One above',
    ])
  })

  it('takes what nothing mends for a problem of each check', async () => {
    const slow = problem('no answer within 15 seconds', null)
    assert.deepEqual(await said(check('One', slow), check('Other', slow)), [
      'problem: no answer within 15 seconds → null',
      'problem: no answer within 15 seconds → null',
    ])
  })
})
