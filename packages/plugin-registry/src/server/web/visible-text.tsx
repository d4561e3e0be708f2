import {unprintablePattern} from '@apkg/wire'
import type {JSX} from 'preact'

const hidden = new RegExp(`(?![\\n\\t])${unprintablePattern}`, 'gu')

/** A text in which characters that nobody would see are shown by their code points. */
export function VisibleText({text}: {text: string}): JSX.Element {
  const parts: (string | JSX.Element)[] = []
  let end = 0
  for (const {0: character, index} of text.matchAll(hidden)) {
    if (character === '\r' && text[index + 1] === '\n') continue
    const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
    parts.push(
      text.slice(end, index),
      <mark class="hidden-character" key={index}>
        U+{code}
      </mark>,
    )
    end = index + character.length
  }
  return <>{[...parts, text.slice(end)]}</>
}
