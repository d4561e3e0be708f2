import type {Trait, TraitDifference} from '@apkg/package-format/conversion'
import type {JSX} from 'preact'

import {Refusal} from '../../http/refusal.js'
import type {Listed, Preview, PreviewTool, PreviewToolFile} from '../../previews/preview.js'
import type {Previews} from '../../previews/previews.js'
import {sizeText} from '../bytes.js'
import type {Links} from '../links.js'
import type {Page, PageContent, PageContext} from '../page.js'
import {ShortText} from '../short-text.js'
import {FileText} from './file-text.js'
import {Findings, traitText} from './findings.js'
import {PackageHead} from './package-view.js'
import type {PackageSummary, Version} from './package-summary.js'
import {digestOf, findPreview, type FoundPreview, requireVersion, whyNoPreview} from './version.js'

/** What a version does in each tool, exactly as apkg writes it. */
export function toolsPage(previews: Previews | undefined): Page {
  return {url: '/-/tools/@:scope/:name/:version', answer: (context) => answerWith(context, previews)}
}

async function answerWith(context: PageContext, previews: Previews | undefined): Promise<PageContent> {
  const {links, request} = context
  const {summary, version} = await requireVersion(context)
  const preview = await findPreview(previews, summary.name, version)
  const {tool, path} = request.query as {tool?: string; path?: string}
  const title = `${summary.name} ${version.version} in your tools`
  if (tool !== undefined || path !== undefined) {
    if (!previews || typeof preview === 'string') throw new Refusal('NOT_FOUND')
    const found = preview.tools.find(({name}) => name === tool)
    const file = found?.files.items.find((each) => each.path === path)
    if (!found || !file) throw new Refusal('NOT_FOUND')
    const bytes = file.place && (await previews.content(digestOf(version.dist.integrity), file.place))
    const body = <ToolFile {...{summary, version, links, tool: found, file, bytes}} />
    return {title: `${file.path} · ${title}`, body}
  }
  const earlier = summary.order[summary.order.indexOf(version.version) + 1]
  const before = earlier === undefined ? undefined : summary.versions[earlier]
  const previous = before && (await findPreview(previews, summary.name, before))
  const changes =
    typeof preview === 'string' || typeof previous !== 'object' ? undefined : await changesOf(previous, preview)
  const body = <Tools {...{summary, version, links, preview, before, previous, changes}} />
  return {title, body}
}

interface ToolsProps {
  summary: PackageSummary
  version: Version
  links: Links
  preview: FoundPreview
  /** The version before, if there is one. */
  before: Version | undefined
  previous: FoundPreview | undefined
  changes: ChangesProps | undefined
}

function Tools({summary, version, links, preview, before, previous, changes}: ToolsProps): JSX.Element {
  return (
    <article class="package">
      <PackageHead {...{summary, version, links}} tab="tools" />
      {typeof preview === 'string' ? (
        <p class="empty">{whyNoPreview(preview)}</p>
      ) : (
        <>
          <section>
            <h2>What was found</h2>
            <p class="faint">
              Found by reading the files, before anything runs. “Not found” doesn't mean that a package is harmless.
            </p>
            <Findings preview={preview} />
          </section>
          {before && previous !== undefined && (
            <section>
              <h2>
                Compared with <a href={links.tools(summary.name, before.version)}>{before.version}</a>
              </h2>
              {typeof previous === 'string' && <p class="empty">{whyNoPreview(previous)}</p>}
              {changes && <Changes {...changes} />}
            </section>
          )}
          <section>
            <h2>Files for each tool</h2>
            <p class="faint">What apkg {preview.apkg} writes in an empty project that uses only this tool.</p>
            {preview.unread === undefined ? (
              preview.tools.map((tool) => (
                <ToolFiles key={tool.name} {...{tool, links, name: summary.name, version: version.version}} />
              ))
            ) : (
              <p class="empty">{preview.unread}.</p>
            )}
          </section>
        </>
      )}
    </article>
  )
}

interface ChangesProps {
  traits: TraitDifference
  before: Preview
  after: Preview
}

async function changesOf(before: Preview, after: Preview): Promise<ChangesProps> {
  // Loaded when it is first needed, because serving the API doesn't need the converter.
  const {compareTraits} = await import('@apkg/package-format/conversion')
  const withGrants = (preview: Preview) => [...preview.traits, ...grantsOf(preview)]
  return {traits: compareTraits(withGrants(before), withGrants(after)), before, after}
}

/** What each tool does without asking, by its display name. */
function grantsOf({tools}: Preview): Trait[] {
  return tools.flatMap(({title, grants}) =>
    grants.map((value): Trait => ({kind: 'grant', tool: title, path: null, line: null, value})),
  )
}

function Changes({traits: {added, removed, changed, isWider}, before, after}: ChangesProps): JSX.Element {
  const traits = [
    ...added.map((each) => ['added', describeTrait(each)] as const),
    ...removed.map((each) => ['removed', describeTrait(each)] as const),
    ...changed.map((each) => ['changed', describeTrait(each)] as const),
  ]
  return (
    <>
      {isWider && (
        <p class="notice warn">This version can do more or names more than the previous one, or it has fewer limits.</p>
      )}
      <ChangeList title="What it can do" changes={traits} />
      <ChangeList title="Files" changes={changedFiles(before.files, after.files)} />
    </>
  )
}

type Change = readonly [kind: 'added' | 'removed' | 'changed', text: string]

function changedFiles(before: Preview['files'], after: Preview['files']): Change[] | 'too-many' {
  if (before === 'too-many' || after === 'too-many') return 'too-many'
  const old = new Map(before.map(({path, digest}) => [path, digest]))
  const paths = new Set(after.map(({path}) => path))
  return [
    ...after.filter(({path}) => !old.has(path)).map(({path}) => ['added', path] as const),
    ...before.filter(({path}) => !paths.has(path)).map(({path}) => ['removed', path] as const),
    ...after
      .filter(({path, digest}) => old.has(path) && old.get(path) !== digest)
      .map(({path}) => ['changed', path] as const),
  ]
}

const maxChanges = 50

function ChangeList({title, changes}: {title: string; changes: Change[] | 'too-many'}): JSX.Element {
  return (
    <div>
      <h3>{title}</h3>
      {changes === 'too-many' ? (
        <p class="faint">Not compared: too many files to show</p>
      ) : changes.length === 0 ? (
        <p class="faint">No changes</p>
      ) : (
        <ul class="plain-list changes">
          {changes.slice(0, maxChanges).map(([kind, text]) => (
            <li key={`${kind}${text}`} class={kind}>
              <span class="kind">{kind}</span>{' '}
              <code class="wrap">
                <ShortText text={text} />
              </code>
            </li>
          ))}
          {changes.length > maxChanges && <li class="faint">and {changes.length - maxChanges} more</li>}
        </ul>
      )}
    </div>
  )
}

const kinds: Record<Trait['kind'], string> = {
  definition: 'definition',
  grant: 'allowed without asking',
  hook: 'hook',
  script: 'executable',
  source: 'source',
  limit: 'limit',
  within: 'allowed by a limit',
  hidden: 'hidden character',
  host: 'host',
  adjustment: 'adjustment',
  more: 'more',
}

function describeTrait(trait: Trait): string {
  return `${kinds[trait.kind]}: ${traitText(trait)}`
}

/** How many grants of a file are shown. */
const maxGrants = 20

interface ToolFilesProps {
  tool: PreviewTool
  links: Links
  name: string
  version: string
}

function ToolFiles({tool, links, name, version}: ToolFilesProps): JSX.Element {
  const {title, reason, files, grants, refused, adjustments} = tool
  const address = (path: string) => links.toolFile(name, version, tool.name, path)
  return (
    <details class="tool" open={grants.length > 0}>
      <summary>
        <strong>{title}</strong>{' '}
        <span class="faint">
          {files.count === 0 ? 'nothing' : files.count === 1 ? '1 file' : `${files.count.toLocaleString('en')} files`}
        </span>
      </summary>
      {reason !== undefined && <p>{reason}.</p>}
      <ul class="plain-list">
        {files.items.map((file) => (
          <li key={file.path}>
            <a href={address(file.path)}>
              <code class="wrap">
                <bdi>{file.path}</bdi>
              </code>
            </a>{' '}
            {file.isExecutable && <span class="tag warn">executable</span>}
            {file.grants.length > 0 && (
              <p>
                Without asking:{' '}
                {file.grants.slice(0, maxGrants).map((grant) => (
                  <code class="wrap tag warn" key={grant}>
                    <ShortText text={grant} />
                  </code>
                ))}
                {file.grants.length > maxGrants && ` and ${file.grants.length - maxGrants} more`}
              </p>
            )}
            {file.limits.length > 0 && (
              <p class="faint">
                Limited by <ShortText text={file.limits.join(', ')} />
              </p>
            )}
          </li>
        ))}
        <More list={files} of="files" />
        {refused.items.map((each) => (
          <li key={each.definition}>
            <code class="wrap">
              <ShortText text={each.definition} />
            </code>{' '}
            is not set up: <ShortText text={each.reason} />
          </li>
        ))}
        <More list={refused} of="definitions that are not set up" />
        {adjustments.items.map((each) => (
          <li key={`${each.definition}${each.reason}`}>
            <code class="wrap">
              <ShortText text={each.definition} />
            </code>{' '}
            is written <ShortText text={each.reason} />
          </li>
        ))}
        <More list={adjustments} of="definitions that are written differently" />
      </ul>
    </details>
  )
}

/** How many items of a list aren't shown. @param of what they are */
function More({list: {items, count}, of}: {list: Listed<unknown>; of: string}): JSX.Element | null {
  if (items.length === count) return null
  return (
    <li class="faint">
      {items.length === 0 ? `too many ${of} to show` : `and ${(count - items.length).toLocaleString('en')} more`}
    </li>
  )
}

interface ToolFileProps {
  summary: PackageSummary
  version: Version
  links: Links
  tool: PreviewTool
  file: PreviewToolFile
  bytes: Buffer | undefined
}

function ToolFile({summary, version, links, tool, file, bytes}: ToolFileProps): JSX.Element {
  return (
    <article class="package">
      <PackageHead {...{summary, version, links}} tab="tools" />
      <section>
        <h2>
          <bdi>{file.path}</bdi>
        </h2>
        <p class="faint">
          For {tool.title}, {sizeText(file.size)}.{' '}
          <a href={links.tools(summary.name, version.version)}>All files for tools</a>
        </p>
        <FileText bytes={bytes} />
      </section>
    </article>
  )
}
