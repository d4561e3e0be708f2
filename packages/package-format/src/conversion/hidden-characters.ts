import {unprintable} from '@apkg/wire'

/** Characters that no editor shows, some of which end a line in YAML 1.1. Line feeds and tabs are not among them. */
export const hiddenCharacters = new RegExp(`(?![\\n\\t])${unprintable.source}`, 'gu')

export function hasHiddenCharacters(text: string): boolean {
  return text.search(hiddenCharacters) !== -1
}
