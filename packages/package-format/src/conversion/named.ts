import {unprintablePattern} from '@apkg/wire'

import type {ConvertiblePackage} from './converted.js'
import {hasHiddenCharacters} from './hidden-characters.js'
import type {Markdown} from './markdown.js'

/** Characters; the maximum for a skill's description (Agent Skills specification), and more than most tools show. */
export const maxDescriptionLength = 1024

const blank = new RegExp(`(?:\\s|${unprintablePattern})+`, 'gu')

/** The definition's description on one line, else the package's, else the package's name. */
export function describe(
  {frontmatter}: Markdown,
  {description, name}: Pick<ConvertiblePackage, 'description' | 'name'>,
  maxLength: number,
): {description: string; isCut: boolean} {
  const [text = name] = [frontmatter?.['description'], description].map(oneLine).filter((line) => line !== '')
  const characters = [...text]
  return {description: characters.slice(0, maxLength).join(''), isCut: characters.length > maxLength}
}

/** Whether a definition's description can be written as it is. */
export function hasDescription({frontmatter}: Markdown, maxLength: number): boolean {
  const own = frontmatter?.['description']
  return typeof own === 'string' && own.trim() !== '' && !hasHiddenCharacters(own) && [...own].length <= maxLength
}

/** Empty for anything but a string. */
function oneLine(text: unknown): string {
  return typeof text === 'string' ? text.replaceAll(blank, ' ').trim() : ''
}
