import type {JSX} from 'preact'

import {Refusal} from '../../http/refusal.js'
import type {PreviewFile} from '../../previews/preview.js'
import type {Previews} from '../../previews/previews.js'
import {sizeText} from '../bytes.js'
import type {Links} from '../links.js'
import type {Page, PageContent, PageContext} from '../page.js'
import {FileText} from './file-text.js'
import {PackageHead} from './package-view.js'
import type {PackageSummary, Version} from './package-summary.js'
import {digestOf, findPreview, requireVersion, whyNoPreview} from './version.js'

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
  const {path = '', after} = request.query as {path?: string; after?: string}
  const about = {summary, version, links}
  const files = typeof preview === 'string' ? preview : preview.files
  const file = typeof files === 'string' ? undefined : files.find((each) => each.path === path)
  if (!file || typeof preview === 'string' || !previews) {
    const body = <Files {...about} {...(typeof files === 'string' ? {why: files} : pageOf(files, path, after))} />
    return {title: `Files of ${summary.name} ${version.version}`, body}
  }
  const bytes = file.place && (await previews.content(digestOf(version.dist.integrity), file.place))
  return {title: `${path} · ${summary.name} ${version.version}`, body: <File {...{...about, file, bytes}} />}
}

/** How many files are listed. */
const pageSize = 50

interface FilesPage {
  /** The directory, which a readme may link to. Empty: the complete package. */
  folder: string
  files: readonly PreviewFile[]
  /** How many the directory has in all. */
  count: number
  /** The cursor of the next page, if there is one. */
  next: string | undefined
}

/** @param after the cursor: the path of the last file before the page, encoded. @throws {Refusal} if there are no files */
function pageOf(all: readonly PreviewFile[], folder: string, after: string | undefined): FilesPage {
  const inFolder = all.filter(({path}) => folder === '' || path.startsWith(`${folder}/`))
  const last = after === undefined ? '' : Buffer.from(after, 'base64url').toString('utf8')
  const rest = inFolder.filter(({path}) => path > last)
  if (rest.length === 0) throw new Refusal('NOT_FOUND')
  const files = rest.slice(0, pageSize)
  const next = rest.length > pageSize ? Buffer.from(files.at(-1)?.path ?? '').toString('base64url') : undefined
  return {folder, files, count: inFolder.length, next}
}

/** Sends an image, or anything else as a download that can't run in the origin of the registry. */
async function sendFile(context: PageContext, previews: Previews | undefined): Promise<undefined> {
  const {request, reply} = context
  const {summary, version} = await requireVersion(context)
  const preview = await findPreview(previews, summary.name, version)
  const {path} = request.query as {path?: string}
  const files = typeof preview === 'string' || preview.files === 'too-many' ? [] : preview.files
  const file = files.find((each) => each.path === path)
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

function Files({
  summary,
  version,
  links,
  ...shown
}: AboutVersion & (FilesPage | {why: 'being-prepared' | 'not-available' | 'too-many'})): JSX.Element {
  return (
    <article class="package">
      <PackageHead {...{summary, version, links}} tab="files" />
      {!('why' in shown) ? (
        <FileList {...{summary, version, links, ...shown}} />
      ) : (
        <p class="empty">
          {shown.why === 'too-many' ? 'Too many files to show. They are in the tarball.' : whyNoPreview(shown.why)}
        </p>
      )}
    </article>
  )
}

function FileList({
  summary: {name},
  version,
  links,
  folder,
  files,
  count,
  next,
}: AboutVersion & FilesPage): JSX.Element {
  return (
    <>
      {count > files.length && <p class="faint">{count.toLocaleString('en')} files</p>}
      <div class="scroll" role="region" aria-label="Files" tabIndex={0}>
        <table class="files">
          <thead>
            <tr>
              <th scope="col">File</th>
              <th scope="col">Size</th>
            </tr>
          </thead>
          <tbody>
            {files.map(({path, size, isExecutable}) => (
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
      {next !== undefined && (
        <nav class="pages" aria-label="Pages">
          <a class="button quiet" rel="next" href={links.files(name, version.version, folder, next)}>
            Next
          </a>
        </nav>
      )}
    </>
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
