import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {RegistryClient, type Transport} from '@apkg/command-kit'
import {labelProblem} from '@apkg/wire'

import {nextLabel, proposeLabel} from '../../../src/account/token/label-proposal.js'

/** A client whose registry has tokens with these labels, or answers with this status. */
function clientOf(taken: string[] | number): RegistryClient {
  const summary = {id: '1', scopes: [], expiresIn: 'never', expiresAt: 'x', createdAt: 'x'}
  const transport: Transport = () =>
    Promise.resolve(
      typeof taken === 'number'
        ? {status: taken, headers: {}, body: '{}'}
        : {status: 200, headers: {}, body: JSON.stringify({tokens: taken.map((name) => ({...summary, name}))})},
    )
  return new RegistryClient({
    target: {registry: 'https://r.example', services: {}},
    credential: undefined,
    transport,
    interrupted: new AbortController().signal,
    userAgent: 'test',
    offline: false,
    hintsFor: () => Promise.resolve(undefined),
    whileWaiting: (_, answer) => answer,
  })
}

const now = () => new Date(2027, 0, 31, 23, 59)

describe('the default label of a token', () => {
  for (const [what, user, name, taken, label] of [
    ['consists of user, host and date', 'ada', 'engine', [], 'ada@engine-20270131'],
    ['gets a number if it already exists', 'ada', 'engine', ['ada@engine-20270131'], 'ada@engine-20270131-2'],
    [
      'gets the first unused number',
      'ada',
      'engine',
      ['ada@engine-20270131-2', 'ada@engine-20270131', 'ada@engine-20270131-4'],
      'ada@engine-20270131-3',
    ],
    [
      'gets no number because of another date or other case',
      'ada',
      'engine',
      ['ada@engine-20270130', 'ADA@engine-20270131'],
      'ada@engine-20270131',
    ],
    [
      'gets a number on a host whose name ends in a date',
      'ada',
      'ci-20261224',
      ['ada@ci-20261224-20270131'],
      'ada@ci-20261224-20270131-2',
    ],
    ['keeps letters of any script', 'åsa', '机器', [], 'åsa@机器-20270131'],
    ['has dashes instead of invalid characters', 'EXAMPLE\\ada', 'a b/c\n', [], 'EXAMPLE-ada@a-b-c--20270131'],
    ['says unknown for empty names', '', '', [], 'unknown@unknown-20270131'],
    ['has a dash instead of an emoji', 'ada🚀', 'x', [], 'ada-@x-20270131'],
    ['does not begin with a dash', '🚀', 'x', [], 'unknown@x-20270131'],
    ['does not look like a token', 'apkg_ci', 'x', [], 'unknown@x-20270131'],
    ['does not contain what looks like an ID', '7k3f9q2m7k3f9q2m', 'x', [], 'unknown@x-20270131'],
    ['shortens long names', 'u'.repeat(99), 'h'.repeat(99), [], `${'u'.repeat(40)}@${'h'.repeat(40)}-20270131`],
  ] as const) {
    it(`default label: ${what}`, async () => {
      const proposal = await proposeLabel(clientOf([...taken]), null, {host: {user, name}, now})
      assert.equal(proposal, label)
      assert.equal(labelProblem(proposal), undefined)
    })
  }

  it("default label: is proposed even if the credential can't list tokens", async () => {
    assert.equal(
      await proposeLabel(clientOf(403), null, {host: {user: 'ada', name: 'engine'}, now}),
      'ada@engine-20270131',
    )
  })

  it('default label: an error of the registry is reported', async () => {
    await assert.rejects(proposeLabel(clientOf(500), null, {host: {user: 'ada', name: 'engine'}, now}), {
      code: 'SERVER_FAILED',
    })
  })
})

describe('the label after another', () => {
  for (const [label, next] of [
    ['ada@engine-20270131', 'ada@engine-20270131-2'],
    ['ada@engine-20270131-2', 'ada@engine-20270131-3'],
    ['ada@engine-20270131-99', 'ada@engine-20270131-100'],
    ['ada@ci-20261224-20270131', 'ada@ci-20261224-20270131-2'],
    ['ada@ci-20261224-20270131-9', 'ada@ci-20261224-20270131-10'],
  ] as const) {
    it(`next label: ${label} is followed by ${next}`, () => {
      assert.equal(nextLabel(label), next)
    })
  }
})
