import type {JSX} from 'preact'

import {fileMark, imageMark, type SafeHtml} from '../previews/preview.js'
import type {Links} from './links.js'

const marked = new RegExp(`(href|src)="(${fileMark}|${imageMark})([^"]*)"`, 'g')

interface ReadmeHtmlProps {
  html: SafeHtml
  name: string
  version: string
  links: Links
}

/** A sanitized readme, the only HTML that isn't made by templates. Its relative links point to files of its version. */
export function ReadmeHtml({html, name, version, links}: ReadmeHtmlProps): JSX.Element {
  const __html = html.replace(marked, (_, attribute: string, mark: string, encoded: string) => {
    const path = decoded(encoded)
    const address = mark === imageMark ? links.raw(name, version, path) : links.files(name, version, path)
    return `${attribute}="${address.replaceAll('&', '&amp;').replaceAll('"', '%22')}"`
  })
  return <div class="readme" dangerouslySetInnerHTML={{__html}} />
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return ''
  }
}
