import type {Visibility} from './package-store.js'

/** Where a word of a package is, best rank first. */
export const places = ['name', 'keywords', 'description', 'readme'] as const

export type Place = (typeof places)[number]

/** A search for packages that contain all words. */
export interface WordSearch {
  /** Only packages with one of these are found: `public`, or a scope as `audienceOf` writes it. */
  audience: readonly string[]
  /** Each word must be in one of these. */
  places: readonly Place[]
  words: readonly string[]
  /** Whether the last word may be the start of a word. */
  isPrefix: boolean
}

/** The words of a package's `latest`, separated by spaces. */
export type PackageWords = Record<Place, string> & {audience: string}

/** The columns that a package's words come from. `keywords` is a list in JSON. */
export interface WordSource {
  name: string
  scope: string
  visibility: Visibility
  keywords: string | null
  description: string | null
  readme: string | null
}

/** A word of at most 64 Unicode code points. A longer one is split, in searches too. */
const word = /[\p{L}\p{N}\p{M}]{1,64}/gu

/** The Latin, Greek and Cyrillic diacritics. The marks of other scripts distinguish words. */
const diacritics = /[\u0300-\u036F]/g

/** How many UTF-16 code units of words are indexed of a package. PostgreSQL can't store more than 1 MiB. */
const maxLength = 128 * 1024

/**
 * Returns the words of a text, without duplicates: in lower case, without diacritics. All databases index and search
 * these words, so they find the same packages.
 */
export function wordsIn(text: string): string[] {
  const plain = text.toLowerCase().normalize('NFD').replace(diacritics, '').normalize('NFC')
  return [...new Set(plain.match(word) ?? [])].filter((each) => /[\p{L}\p{N}]/u.test(each))
}

/** Returns the word that a private package of a scope has instead of `public`. */
export function audienceOf(scope: string): string {
  return `s${Buffer.from(scope).toString('hex')}`
}

export function wordsOf({name, scope, visibility, keywords, description, readme}: WordSource): PackageWords {
  let left = maxLength
  const take = (text: string) => {
    const words = wordsIn(text).filter((each) => (left -= each.length + 1) >= 0)
    return words.join(' ')
  }
  return {
    audience: visibility === 'public' ? 'public' : audienceOf(scope),
    name: take(name),
    keywords: take((JSON.parse(keywords ?? '[]') as string[]).join(' ')),
    description: take(description ?? ''),
    readme: take(readme ?? ''),
  }
}
