import {randomInt} from 'node:crypto'

/** The letters that RFC 8628 §6.1 recommends: no vowels, so that they don't spell words. */
const letters = 'BCDFGHJKLMNPQRSTVWXZ'

const length = 8

/** Creates a code that a user can type, without its hyphen. */
export function createUserCode(): string {
  return Array.from({length}, () => letters[randomInt(letters.length)]).join('')
}

/** As it is shown: `WDJB-MJHT`. */
export function formatUserCode(code: string): string {
  return `${code.slice(0, length / 2)}-${code.slice(length / 2)}`
}

/** Reads a code as it was typed, in any case and with or without the hyphen. @returns undefined if it can't be one */
export function parseUserCode(typed: string): string | undefined {
  const code = typed.replace(/[\s-]/g, '').toUpperCase()
  return code.length === length && [...code].every((letter) => letters.includes(letter)) ? code : undefined
}
