import {unprintablePattern} from '@apkg/wire'
import type {JSX} from 'preact'

const special = new RegExp(`[&<"]|(?![\\n\\t])${unprintablePattern}`, 'gu')

/** What characters take as HTML: those that are escaped, and invisible ones. In characters. */
const escapedSize = '&quot;'.length
const markSize = '<mark class="hidden-character">U+10FFFF</mark>'.length

interface Shown {
  content: JSX.Element
  /** Whether the end of the text is missing. */
  isCut: boolean
}

/**
 * A text in which invisible characters are shown by their code points.
 *
 * @param maxSize of its HTML in characters. What doesn't fit is cut off.
 */
export function visibleText(text: string, maxSize: number): Shown {
  const parts: (string | JSX.Element)[] = []
  let end = 0
  // How much longer the HTML is than the text, so far.
  let added = 0
  for (const {0: character, index} of text.matchAll(special)) {
    if (index + added > maxSize) break
    if ('&<"'.includes(character)) {
      added += escapedSize
      continue
    }
    if (character === '\r' && text[index + 1] === '\n') continue
    added += markSize
    if (index + added > maxSize) break
    const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
    parts.push(
      text.slice(end, index),
      <mark class="hidden-character" key={index}>
        U+{code}
      </mark>,
    )
    end = index + character.length
  }
  const last = Math.max(maxSize - added, end)
  return {content: <>{[...parts, text.slice(end, last)]}</>, isCut: last < text.length}
}
