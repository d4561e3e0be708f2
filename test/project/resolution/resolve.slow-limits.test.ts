import assert from 'node:assert/strict'
import {it} from 'node:test'

import {resolve} from '../../../src/project/resolution/resolve.js'
import {different, loaderOf, lockOf, rootsOf} from './packages.js'

it('resolve: gives up when the work limit is reached', async () => {
  const {load} = loaderOf(different(20, 19))
  await assert.rejects(resolve(rootsOf(20), {load, locked: lockOf()}), {code: 'RESOLUTION_ABANDONED'})
})
