import {isUtf8} from 'node:buffer'

import type {JSX} from 'preact'

import {VisibleText} from '../visible-text.js'

/** The content of a file as text. @param bytes undefined if it isn't kept */
export function FileText({bytes}: {bytes: Buffer | undefined}): JSX.Element {
  if (!bytes) return <p class="empty">The file is too large to show. It is in the tarball.</p>
  if (!isUtf8(bytes) || bytes.includes(0)) return <p class="empty">The file is not text.</p>
  if (bytes.length === 0) return <p class="empty">The file is empty.</p>
  return (
    <pre class="file" tabIndex={0}>
      <code>
        <VisibleText text={bytes.toString('utf8')} />
      </code>
    </pre>
  )
}
