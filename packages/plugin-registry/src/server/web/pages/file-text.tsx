import {isUtf8} from 'node:buffer'

import type {JSX} from 'preact'

import {visibleText} from '../visible-text.js'

/** How much of a file is shown, as HTML in characters. */
const maxSize = 1024 * 1024

/** The content of a file as text. @param bytes undefined if it isn't kept */
export function FileText({bytes}: {bytes: Buffer | undefined}): JSX.Element {
  if (!bytes) return <p class="empty">The file is too large to show. It is in the tarball.</p>
  if (!isUtf8(bytes) || bytes.includes(0)) return <p class="empty">The file is not text.</p>
  if (bytes.length === 0) return <p class="empty">The file is empty.</p>
  const {content, isCut} = visibleText(bytes.toString('utf8'), maxSize)
  return (
    <>
      <pre class="file" tabIndex={0}>
        <code>{content}</code>
      </pre>
      {isCut && <p class="faint">The file is too large to show in full. It is in the tarball.</p>}
    </>
  )
}
