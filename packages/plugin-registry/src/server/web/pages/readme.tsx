import type {JSX} from 'preact'

import type {Preview} from '../../previews/preview.js'
import type {Links} from '../links.js'
import {ReadmeHtml} from '../readme-html.js'
import type {PackageSummary, Version} from './package-summary.js'
import {PlainReadme} from './plain-readme.js'
import {type FoundPreview, whyNoPreview} from './version.js'

interface ReadmeProps {
  summary: PackageSummary
  version: Version
  links: Links
  preview: FoundPreview
  /** The text, if it isn't rendered. */
  readmeText: Buffer | undefined
}

/**
 * The readme in the version's own tarball, or the one that was sent with it until it was read from there. Without a
 * readme, the first definition.
 */
export function Readme({summary, version, links, preview, readmeText}: ReadmeProps): JSX.Element {
  const {name, distTags, readme: sent = ''} = summary
  if (typeof preview === 'string') {
    const isSent = preview === 'being-prepared' && distTags['latest'] === version.version && sent !== ''
    if (isSent) return <PlainReadme text={sent} isStart={false} file={undefined} />
    return <p class="empty">The readme is not shown. {whyNoPreview(preview)}</p>
  }
  const {readmePath, definitionCount} = preview
  if (readmePath === undefined) return <p class="empty">This version has no readme.</p>
  const file = links.files(name, version.version, readmePath)
  return (
    <>
      {definitionCount !== undefined && (
        <p class="faint">
          This version has no readme. {definitionCount === 1 ? 'Its definition is' : 'Its first definition is'}{' '}
          <a href={file}>{readmePath}</a>
          {definitionCount > 1 && ` (of ${definitionCount})`}:
        </p>
      )}
      <ReadmeContent {...{name, version, links, preview, readmeText, file}} />
    </>
  )
}

interface ReadmeContentProps extends Pick<ReadmeProps, 'version' | 'links' | 'readmeText'> {
  name: string
  preview: Preview
  /** The address of the file. */
  file: string
}

function ReadmeContent({name, version, links, preview, readmeText, file}: ReadmeContentProps): JSX.Element {
  if (preview.readme !== null) return <ReadmeHtml {...{html: preview.readme, name, version: version.version, links}} />
  if (readmeText) {
    return <PlainReadme text={readmeText.toString('utf8')} isStart={preview.readmeText?.isCut ?? false} file={file} />
  }
  return (
    <p class="empty">
      The file can't be shown as a page. <a href={file}>Open it</a>
    </p>
  )
}
