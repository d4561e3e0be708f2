import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {logLine} from '../../src/views/log-line.js'

const time = '2026-11-23T14:00:00.000Z'
const plain = {hasColors: false, columns: 80}

describe('a line of the log on a terminal', () => {
  it('log line: shows a request with its route, duration, address and credential', () => {
    const request = {
      method: 'GET',
      route: '/packages/:name',
      status: 200,
      ms: 3.4,
      address: '127.0.0.1',
      credential: 'tok',
    }
    assert.match(
      logLine({level: 'info', time, ...request}, plain),
      /^\d\d:\d\d:\d\d {2}GET {5}200 {2}\/packages\/:name {2}3\.4 ms {2}127\.0\.0\.1 {2}tok\n$/,
    )
  })

  it('log line: continues on an indented line instead of breaking an address', () => {
    const request = {method: 'GET', route: '/packages/{name}/{version}/tarball', status: 200, ms: 12.5}
    const line = logLine(
      {level: 'info', time, ...request, address: '2001:db8::7', credential: 'ci'},
      {...plain, columns: 60},
    )
    assert.match(line, /tarball\n {10}12\.5 ms {2}2001:db8::7 {2}ci\n$/)
  })

  it('log line: shows the reason of an error, with control characters escaped', () => {
    const err = {message: 'disk full\u001B[2J\n'}
    assert.match(
      logLine({level: 'error', time, msg: 'failed', err}, plain),
      /Error: failed: disk full\\u\{1b\}\[2J\\u\{a\}\n$/,
    )
  })

  it('log line: paints statuses of failures only', () => {
    const entry = {level: 'info', time, method: 'GET', route: null}
    const colored = {hasColors: true, columns: 80}
    assert.ok(logLine({...entry, status: 503}, colored).includes('\u001B[31m503'))
    assert.ok(logLine({...entry, status: 404}, colored).includes('\u001B[33m404'))
    assert.ok(logLine({...entry, status: 200}, colored).includes('  200  '))
  })
})
