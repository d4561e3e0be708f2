import assert from 'node:assert/strict'
import {it} from 'node:test'

import type {Packument} from '@apkg/wire/protocol'

import {deprecationsOf} from '../../../src/project/installation/deprecations.js'

it('deprecationsOf: returns deprecated and yanked versions, and those of deprecated packages, whose packument was loaded', async () => {
  const versions = {
    '1.0.0': {version: '1.0.0', deprecated: 'it is broken'},
    '2.0.0': {version: '2.0.0'},
    '3.0.0': {version: '3.0.0', yanked: true},
  }
  const packuments: Record<string, Packument> = {
    '@acme/old': {name: '@acme/old', versions, deprecated: 'use @acme/new'},
    '@acme/kept': {name: '@acme/kept', versions, deprecated: null},
  }
  const loaded = async (name: string) => packuments[name]
  const ids = ['@acme/old', '@acme/kept', '@acme/not-loaded'].flatMap((name) =>
    ['1.0.0', '2.0.0', '3.0.0'].map((version) => ({name, version})),
  )
  assert.deepEqual(await deprecationsOf(ids, {loaded}), [
    {name: '@acme/old', version: '1.0.0', message: 'it is broken', isYanked: false},
    {name: '@acme/old', version: '2.0.0', message: 'use @acme/new', isYanked: false},
    {name: '@acme/old', version: '3.0.0', message: 'use @acme/new', isYanked: true},
    {name: '@acme/kept', version: '1.0.0', message: 'it is broken', isYanked: false},
    {name: '@acme/kept', version: '3.0.0', message: null, isYanked: true},
  ])
})
