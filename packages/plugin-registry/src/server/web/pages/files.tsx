import type {JSX} from 'preact'

import {Refusal} from '../../http/refusal.js'
import type {Preview, PreviewFile} from '../../previews/preview.js'
import type {Previews} from '../../previews/previews.js'
import {sizeText} from '../bytes.js'
import type {Links} from '../links.js'
import type {Page, PageContent, PageContext} from '../page.js'
import {FileText} from './file-text.js'
import {PackageHead} from './package-view.js'
import type {PackageSummary, Version} from './package-summary.js'
import {digestOf, findPreview, type FoundPreview, requireVersion, whyNoPreview} from './version.js'

/** The files of a version: the list, one file as text, and the bytes of one file. */
export function filePages(previews: Previews | undefined): Page[] {
  return [
    {url: '/-/files/@:scope/:name/:version', answer: (context) => showFiles(context, previews)},
    {url: '/-/raw/@:scope/:name/:version', answer: (context) => sendFile(context, previews)},
  ]
}

async function showFiles(context: PageContext, previews: Previews | undefined): Promise<PageContent> {
  const {links, request} = context
  const {summary, version} = await requireVersion(context)
  const preview = await findPreview(previews, summary.name, version)
  const {path} = request.query as {path?: string}
  const about = {summary, version, links}
  if (path === undefined || typeof preview === 'string' || !previews) {
    return {title: `Files of ${summary.name} ${version.version}`, body: <Files {...about} preview={preview} />}
  }
  const file = preview.files.find((each) => each.path === path)
  if (!file) return folderOr404(preview, path, about)
  const bytes = file.place && (await previews.content(digestOf(version.dist.integrity), file.place))
  return {title: `${path} · ${summary.name} ${version.version}`, body: <File {...{...about, file, bytes}} />}
}

/** The files in a directory, which a readme may link to. */
function folderOr404(preview: Preview, path: string, about: AboutVersion): PageContent {
  const files = preview.files.filter((each) => path === '' || each.path.startsWith(`${path}/`))
  if (files.length === 0) throw new Refusal('NOT_FOUND')
  const {summary, version} = about
  const body = <Files {...about} preview={{...preview, files}} />
  return {title: `Files of ${summary.name} ${version.version}`, body}
}

/** Sends an image, or anything else as a download that can't run in the origin of the registry. */
async function sendFile(context: PageContext, previews: Previews | undefined): Promise<undefined> {
  const {request, reply} = context
  const {summary, version} = await requireVersion(context)
  const preview = await findPreview(previews, summary.name, version)
  const {path} = request.query as {path?: string}
  const file = typeof preview === 'string' ? undefined : preview.files.find((each) => each.path === path)
  const bytes = file?.place && (await previews?.content(digestOf(version.dist.integrity), file.place))
  if (!file || !bytes) throw new Refusal('NOT_FOUND')
  const isImage = file.kind.startsWith('image/')
  void reply.headers({
    'content-type': isImage ? file.kind : 'application/octet-stream',
    'content-security-policy': "sandbox; default-src 'none'",
    'cache-control': 'private, no-cache',
    ...(!isImage && {'content-disposition': 'attachment'}),
  })
  await reply.send(bytes)
  return undefined
}

interface AboutVersion {
  summary: PackageSummary
  version: Version
  links: Links
}

function Files({summary, version, links, preview}: AboutVersion & {preview: FoundPreview}): JSX.Element {
  const {name} = summary
  return (
    <article class="package">
      <PackageHead {...{summary, version, links}} tab="files" />
      {typeof preview === 'string' ? (
        <p class="empty">{whyNoPreview(preview)}</p>
      ) : (
        <div class="scroll" role="region" aria-label="Files" tabIndex={0}>
          <table class="files">
            <thead>
              <tr>
                <th scope="col">File</th>
                <th scope="col">Size</th>
              </tr>
            </thead>
            <tbody>
              {preview.files.map(({path, size, isExecutable}) => (
                <tr key={path}>
                  <td>
                    <a href={links.files(name, version.version, path)}>
                      <bdi>{path}</bdi>
                    </a>{' '}
                    {isExecutable && <span class="tag warn">executable</span>}
                  </td>
                  <td class="number">{sizeText(size)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </article>
  )
}

function File({
  summary,
  version,
  links,
  file,
  bytes,
}: AboutVersion & {file: PreviewFile; bytes: Buffer | undefined}): JSX.Element {
  const {path, size, isExecutable, kind} = file
  const address = links.raw(summary.name, version.version, path)
  return (
    <article class="package">
      <PackageHead {...{summary, version, links}} tab="files" />
      <section>
        <h2>
          <bdi>{path}</bdi>
        </h2>
        <p class="faint">
          {sizeText(size)}
          {isExecutable && ', executable'}. <a href={links.files(summary.name, version.version)}>All files</a>
        </p>
        {kind.startsWith('image/') && bytes ? (
          <img class="picture" src={address} alt={path} />
        ) : kind === 'other' ? (
          <p class="empty">The file is not text, so it is not shown. It is in the tarball.</p>
        ) : (
          <FileText bytes={bytes} />
        )}
      </section>
    </article>
  )
}
