import {inspectTokenValue} from './token-value.js'

/** In characters, after `apkg_`. Shorter ones are names, such as `apkg_packages`. */
const minHostedLength = 20

/**
 * Finds the credentials in a text, such as a line of a log: values of this protocol whose checksum is right, `apkg_` values
 * of the hosted registry, and JSON Web Tokens. Other text can't be distinguished from noise.
 *
 * @returns each value once, in the order of their first appearance
 */
export function findTokenValues(text: string): string[] {
  const values = new Set<string>()
  for (const word of text.split(/[^\w.~+=-]+/)) {
    for (const value of [...ownValues(word), ...hostedValues(word), ...webTokens(word)]) values.add(value)
  }
  return [...values]
}

/** Whatever follows a value without a separator isn't part of it: values have a fixed length. */
function ownValues(word: string): string[] {
  const values = Array.from(word.matchAll(/apkg[tsr]_[0-9A-Za-z]{38}/g), ([value]) => value)
  return values.filter((value) => inspectTokenValue(value).state === 'intact')
}

/** A period or a hyphen at the end can be punctuation, so both readings are values. */
function hostedValues(word: string): string[] {
  const start = word.indexOf('apkg_')
  if (start === -1) return []
  const value = word.slice(start)
  if (value.length < 'apkg_'.length + minHostedLength) return []
  let end = value.length
  while ('.~-'.includes(value.charAt(end - 1))) end--
  return end === value.length ? [value] : [value, value.slice(0, end)]
}

function webTokens(word: string): string[] {
  const parts = word.split('.')
  const values: string[] = []
  for (let index = 0; index + 2 < parts.length; index++) {
    const start = parts[index]?.indexOf('eyJ') ?? -1
    const signature = /^[\w-]+/.exec(parts[index + 2] ?? '')?.[0]
    if (start === -1 || !parts[index + 1]?.startsWith('eyJ') || signature === undefined) continue
    values.push([parts[index]?.slice(start), parts[index + 1], signature].join('.'))
    index += 2
  }
  return values
}
