import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {paint, shows256Colors, showsColors} from '../../src/terminal/color.js'
import {noColorForLibraries} from '../../src/terminal/no-color.js'

describe('colors', () => {
  for (const [what, isTerminal, env, shown] of [
    ['are shown on a terminal', true, {}, true],
    ['are not shown without a terminal', false, {}, false],
    ['are not shown with NO_COLOR', true, {NO_COLOR: '1'}, false],
    ['are not shown with NO_COLOR=false', true, {NO_COLOR: 'false'}, false],
    ['are shown on a terminal if only libraries may not show them', true, {NO_COLOR: noColorForLibraries}, true],
    ['are shown with an empty NO_COLOR', true, {NO_COLOR: ''}, true],
    ['are shown without a terminal with FORCE_COLOR', false, {FORCE_COLOR: '1'}, true],
    ['are shown without a terminal with an empty FORCE_COLOR', false, {FORCE_COLOR: ''}, true],
    ['are not shown with FORCE_COLOR=0', true, {FORCE_COLOR: '0'}, false],
    ['are not shown with both FORCE_COLOR and NO_COLOR', true, {FORCE_COLOR: '1', NO_COLOR: '1'}, false],
    ['are not shown on a dumb terminal', true, {TERM: 'dumb'}, false],
    ['are shown on a dumb terminal with FORCE_COLOR', true, {TERM: 'dumb', FORCE_COLOR: '1'}, true],
  ] as const) {
    it(`colors: ${what}`, () => {
      assert.equal(showsColors(isTerminal, env), shown)
    })
  }

  it('colors: are added to text only if the stream shows them', () => {
    assert.equal(paint({hasColors: false}, 'red', 'Error:'), 'Error:')
    assert.match(paint({hasColors: true}, 'red', 'Error:'), /^\u001B\[31mError:\u001B\[39m$/)
  })

  for (const [env, shown] of [
    [{TERM: 'xterm'}, false],
    [{TERM: 'xterm-256color'}, true],
    [{TERM: 'xterm', COLORTERM: 'truecolor'}, true],
    [{TERM: 'xterm-256color', FORCE_COLOR: '1'}, false],
    [{FORCE_COLOR: '3'}, true],
    [{}, false],
  ] as const) {
    it(`colors: ${JSON.stringify(env)} ${shown ? 'has' : 'does not have'} those of the palette`, () => {
      assert.equal(shows256Colors(env), shown)
    })
  }
})
