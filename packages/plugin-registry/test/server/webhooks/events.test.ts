import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import type {AuditRow} from '../../../src/server/store/store.js'
import {eventsOf} from '../../../src/server/webhooks/events.js'

const row = (action: string, detail: Record<string, unknown> = {}): AuditRow => ({
  ...{at: 0, name: 'ada', address: null, agent: null},
  ...{action, credentialId: 'session', target: 'target', detail},
})

const typesOf = (action: string, detail?: Record<string, unknown>) =>
  eventsOf(row(action, detail)).map(({type}) => type)

describe('the events of the audit log', () => {
  const expected: [action: string, types: string[], detail?: Record<string, unknown>][] = [
    ['token.create', ['token.create']],
    ['token.exchange', ['token.create']],
    ['token.rotate', ['token.rotate']],
    ['token.rotate-drop', []],
    ['token.revoke', ['token.revoke']],
    ['token.revoke', ['token.revoke', 'token.leak-report'], {reason: 'leak-report'}],
    ['token.value-end', []],
    ['token.value-end', ['token.leak-report'], {reason: 'leak-report'}],
    ['token.leak-report', ['token.leak-report'], {reason: 'leak-report'}],
    ['credential.leak-report', [], {values: 1}],
    ['session.leak-report', [], {reason: 'leak-report'}],
    ['token.suspend', ['token.suspend']],
    ['token.suspend-all', ['token.suspend']],
    ['token.resume', []],
    ['token.expiring', ['token.expiring']],
    ['token.retired-use', ['token.retired-use']],
    ['token.dead-use', ['token.dead-use']],
    ['session.dead-use', []],
    ['user.revoke-all', ['token.revoke'], {sessions: 1, tokens: 2}],
    ['user.revoke-all', [], {sessions: 1, tokens: 0}],
    ['user.remove', ['token.revoke'], {sessions: 0, tokens: 1}],
    ['user.disable', []],
    ['trusted-publisher.add', ['trusted-publisher.add']],
    ['trusted-publisher.anything', ['trusted-publisher.anything']],
    ['trusted-publisher', []],
    ['package.publish', ['publish']],
    ['package.takedown', ['takedown']],
    ['package.yank', ['yank']],
    ['package.deprecate', []],
    ['login', []],
    ['webhook.give-up', []],
    ['constructor', []],
  ]
  for (const [action, types, detail] of expected) {
    it(`events: ${action} ${JSON.stringify(detail ?? {})} is ${types.join(', ') || 'none'}`, () => {
      assert.deepEqual(typesOf(action, detail), types)
    })
  }

  it('events: those of a token are in one queue, with what it published', () => {
    const queueOf = (each: AuditRow) => eventsOf(each)[0]?.queue
    assert.equal(queueOf({...row('token.create'), target: 'token'}), 'token')
    assert.equal(queueOf({...row('token.revoke'), target: 'token', credentialId: 'session'}), 'token')
    assert.equal(queueOf({...row('package.publish'), target: '@acme/tool@1.0.0', credentialId: 'token'}), 'token')
    const byOperator = {...row('package.takedown'), target: '@acme/tool@1.0.0', credentialId: null}
    assert.equal(queueOf(byOperator), '@acme/tool@1.0.0')
    assert.equal(queueOf({...row('token.suspend-all'), target: null}), '')
  })
})
