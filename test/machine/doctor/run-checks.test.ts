import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import type {Check, DoctorContext} from '../../../src/machine/doctor/check.js'
import {runChecks} from '../../../src/machine/doctor/run-checks.js'
import {problem, type Finding} from '../../../src/machine/doctor/finding.js'

const check = (title: string, finding: Finding): Check => ({
  name: 'files',
  title,
  run: () => Promise.resolve([finding]),
})

async function report(...checks: Check[]): Promise<string[]> {
  const {findings} = await runChecks(checks, {} as DoctorContext)
  return findings.map(({status, message, fix}) => `${status}: ${message} → ${fix}`)
}

describe('running checks', () => {
  it('doctor: a problem that several checks have in common is reported once', async () => {
    const damaged = problem('the settings are damaged', 'fix them')
    assert.deepEqual(await report(check('One', damaged), check('Other', damaged)), [
      'problem: the settings are damaged → fix them',
      'warning: not checked → see One above',
    ])
  })

  it('doctor: a problem without a fix is reported for each check', async () => {
    const slow = problem('timed out after 15 seconds', null)
    assert.deepEqual(await report(check('One', slow), check('Other', slow)), [
      'problem: timed out after 15 seconds → null',
      'problem: timed out after 15 seconds → null',
    ])
  })
})
