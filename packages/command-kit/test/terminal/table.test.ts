import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {table} from '../../src/terminal/table.js'

const titles = ['NAME', 'ID', 'NOTE', 'CREATED']
const rows = [
  ['ci-deploy', '7k3f9q2mx4tz8r1b', 'for the release job of the main branch', '3 days ago'],
  ['laptop', 'p4v2m8xq1t9k7c3d', '-', 'yesterday'],
]
const terminal = {isTerminal: true, hasColors: false}
const least = ['CREATED', 'NOTE']

describe('table', () => {
  it('table: is aligned on a terminal that is wide enough', () => {
    assert.equal(
      table(titles, rows, {...terminal, columns: 81}, least),
      [
        'NAME       ID                NOTE                                    CREATED',
        'ci-deploy  7k3f9q2mx4tz8r1b  for the release job of the main branch  3 days ago',
        'laptop     p4v2m8xq1t9k7c3d  -                                       yesterday',
        '',
      ].join('\n'),
    )
  })

  it('table: drops the least important column, then shortens the next', () => {
    assert.equal(
      table(titles, rows, {...terminal, columns: 60}, least),
      [
        'NAME       ID                NOTE',
        'ci-deploy  7k3f9q2mx4tz8r1b  for the release job of the…',
        'laptop     p4v2m8xq1t9k7c3d  -',
        '1 column hidden (CREATED); widen the terminal or use --json',
        '',
      ].join('\n'),
    )
  })

  for (const columns of [30, 40, 50, 60, 70, 79, 80, 120]) {
    it(`table: fits ${columns} columns`, () => {
      const lines = table(titles, rows, {...terminal, columns}, least).split('\n')
      assert.deepEqual(
        lines.filter(({length}) => length > columns),
        [],
      )
    })
  }

  it('table: wraps by words if every column matters', () => {
    assert.equal(
      table(['NAME', 'SCOPES'], [['ci', 'read,publish:new,tag']], {...terminal, columns: 20}),
      ['NAME  SCOPES', 'ci    read,', '      publish:new,', '      tag', ''].join('\n'),
    )
  })

  it('table: has bold titles and dim IDs in colors, which have no width', () => {
    const [header = '', row = ''] = table(['ID', 'NAME'], [['7k3f', '\u001B[31mci\u001B[39m']], {
      isTerminal: true,
      hasColors: true,
      columns: 80,
    }).split('\n')
    assert.equal(header, '\u001B[1mID  \u001B[22m  \u001B[1mNAME\u001B[22m')
    assert.equal(row, '\u001B[2m7k3f\u001B[22m  \u001B[31mci\u001B[39m')
  })

  it('table: is ASCII if the terminal is', () => {
    const text = table(titles, rows, {...terminal, columns: 60, isAscii: true}, least)
    assert.match(text, /for the release job of the\.\.\.$/m)
  })

  it('table: is a line per row with tabs between fields off a terminal', () => {
    assert.equal(
      table(titles, rows, {isTerminal: false, columns: 20}, least),
      rows.map((row) => `${row.join('\t')}\n`).join(''),
    )
  })
})
