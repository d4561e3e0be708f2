import type {JSX} from 'preact'

import {visibleText} from '../visible-text.js'

/** How much of a readme is shown as text, as HTML in characters. */
const maxSize = 512 * 1024

interface PlainReadmeProps {
  text: string
  /** Whether it is only the start of the readme. */
  isStart: boolean
  /** The address of the file, if it is known. */
  file: string | undefined
}

/** A readme that isn't rendered. */
export function PlainReadme({text, isStart, file}: PlainReadmeProps): JSX.Element {
  const {content, isCut} = visibleText(text, maxSize)
  return (
    <>
      <pre class="plain">{content}</pre>
      {(isStart || isCut) && (
        <p class="faint">
          The readme is too long to show in full. {file !== undefined && <a href={file}>Open the file</a>}
        </p>
      )}
    </>
  )
}
