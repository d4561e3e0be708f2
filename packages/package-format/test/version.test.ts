import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {versionProblem} from '../src/index.js'

describe('a version', () => {
  for (const version of ['1.2.3', '0.0.0', '1.0.0-rc.1', '1.0.0+build.1', '1.0.0-a+b']) {
    it(`version: can be ${version}`, () => assert.equal(versionProblem(version), undefined))
  }

  for (const version of [
    '',
    '1',
    '1.2',
    'v1.2.3',
    '=1.2.3',
    ' 1.2.3',
    '1.2.3 ',
    '01.2.3',
    '1.2.3-01',
    'latest',
    '../1.0.0',
  ]) {
    it(`version: cannot be ${JSON.stringify(version)}`, () => assert.notEqual(versionProblem(version), undefined))
  }
})
