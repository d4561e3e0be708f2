/** A color of xterm's 256, whose values terminals don't change, unlike those of the 16 basic ones. */
export interface FixedColor {
  /** The code of the basic color that it replaces. */
  basic: number
  /** Its number among the 256. */
  number: number
  rgb: readonly [red: number, green: number, blue: number]
}

/** Legible on black and on white: the contrast is at least 4:1 on both. (The highest possible is 4.58:1.) */
export const palette: Record<'red' | 'green' | 'yellow' | 'cyan' | 'dim', FixedColor> = {
  red: {basic: 31, number: 161, rgb: [0xd7, 0x00, 0x5f]},
  green: {basic: 32, number: 28, rgb: [0x00, 0x87, 0x00]},
  yellow: {basic: 33, number: 130, rgb: [0xaf, 0x5f, 0x00]},
  cyan: {basic: 36, number: 30, rgb: [0x00, 0x87, 0x87]},
  dim: {basic: 2, number: 243, rgb: [0x76, 0x76, 0x76]},
}

/** The end of dim text also ends its color. */
const replacements = new Map([
  ...Object.values(palette).map(({basic, number}): [string, string] => [`${basic}`, `38;5;${number}`]),
  ['22', '22;39'],
])

/** Replaces the basic colors in a text with those of the palette. */
export function withPalette(text: string): string {
  return text.replaceAll(/\u001B\[(\d+)m/g, (code, basic: string) => {
    const fixed = replacements.get(basic)
    return fixed === undefined ? code : `\u001B[${fixed}m`
  })
}
