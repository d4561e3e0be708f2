import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {palette, withPalette} from '../../src/terminal/palette.js'

describe('palette', () => {
  for (const [name, {number, rgb}] of Object.entries(palette)) {
    it(`palette: ${name} is legible on black and on white`, () => {
      const luminance = luminanceOf(rgb)
      const onBlack = (luminance + 0.05) / 0.05
      const onWhite = 1.05 / (luminance + 0.05)
      assert.ok(onBlack >= 4 && onWhite >= 4, `${onBlack.toFixed(2)} on black, ${onWhite.toFixed(2)} on white`)
    })

    it(`palette: ${name} has the values that xterm gives its number`, () => {
      assert.deepEqual(rgb, rgbOf(number))
    })
  }

  it('palette: replaces the basic colors and their ends, and nothing else', () => {
    assert.equal(
      withPalette('\u001B[31ma\u001B[39m \u001B[2mb\u001B[22m'),
      '\u001B[38;5;161ma\u001B[39m \u001B[38;5;243mb\u001B[22;39m',
    )
    assert.equal(withPalette('\u001B[1ma\u001B[35mb\u001B[2K'), '\u001B[1ma\u001B[35mb\u001B[2K')
  })
})

/** WCAG 2's relative luminance. */
function luminanceOf(rgb: readonly [number, number, number]): number {
  const [red, green, blue] = rgb.map((value) => {
    const part = value / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/** The color cube from 16 on, and the grays from 232 on. */
function rgbOf(number: number): number[] {
  if (number >= 232) return Array<number>(3).fill(8 + 10 * (number - 232))
  const cube = number - 16
  return [Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map((level) => (level === 0 ? 0 : 55 + 40 * level))
}
