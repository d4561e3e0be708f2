import type {ComponentChildren, JSX} from 'preact'

import {sizeText} from '../bytes.js'
import type {BodyOf} from '../call.js'
import {CommandLine} from '../command-line.js'
import {DownloadsChart} from '../downloads-chart.js'
import type {Links} from '../links.js'
import {foreign, safeUrl} from '../safe-url.js'
import {Time} from '../time.js'
import {PackageRanges} from './package-ranges.js'
import type {PackageSummary, Version} from './package-summary.js'
import {Readme} from './readme.js'
import {Tabs, type Tab} from './tabs.js'
import {Findings} from './findings.js'
import {type FoundPreview, whyNoPreview} from './version.js'

/** How many versions are listed. */
const maxListed = 20

/** How many dependencies are listed. */
const maxDependencies = 50

interface PackageViewProps {
  summary: PackageSummary
  /** Undefined if every version was taken down. */
  version: Version | undefined
  links: Links
}

interface UseProps {
  weeks: BodyOf<'getDownloads'>['weeks']
  dependents: BodyOf<'listDependents'>
}

interface PreviewProps {
  preview: FoundPreview
  /** The readme, if it isn't rendered. */
  readmeText: Buffer | undefined
}

/** A package, and one version of it. */
export function PackageView({
  summary,
  version,
  links,
  preview,
  readmeText,
  weeks,
  dependents,
}: PackageViewProps & PreviewProps & UseProps): JSX.Element {
  return (
    <article class="package">
      <PackageHead {...{summary, version, links}} tab="readme" />
      <div class="columns">
        <div class="content">
          {version ? (
            <Readme {...{summary, version, links, preview, readmeText}} />
          ) : (
            <p class="empty">Every version was taken down.</p>
          )}
        </div>
        <aside aria-label="About the package">
          {version && (
            <Section title="In your tools">
              {typeof preview === 'string' ? (
                <p class="faint">{whyNoPreview(preview)}</p>
              ) : (
                <Findings preview={preview} isShort />
              )}
              <p>
                <a href={links.tools(summary.name, version.version)}>What it does in your tools</a>
              </p>
            </Section>
          )}
          <Facts {...{summary, version, links}} />
          <Downloads weeks={weeks} />
          <Versions summary={summary} shown={version?.version} links={links} />
          {version && <Dependencies {...{name: summary.name, version, links}} />}
          <Dependents {...{...dependents, links}} />
          <People summary={summary} />
          {version && <Signatures summary={summary} version={version} />}
        </aside>
      </div>
    </article>
  )
}

/** The name of a package, what it is, and the pages about it. */
export function PackageHead({summary, version, links, tab}: PackageViewProps & {tab: Tab | undefined}): JSX.Element {
  const {name, visibility, distTags} = summary
  const isLatest = version === undefined || distTags['latest'] === version.version
  const command = isLatest ? `apkg add ${name}` : `apkg add ${name}@${version.version}`
  return (
    <header class="package-head">
      <h1>
        <a href={links.package(name)}>{name}</a> {version && <span class="version">{version.version}</span>}
      </h1>
      {version?.description !== undefined && (
        <p class="lead">
          <bdi>{version.description}</bdi>
        </p>
      )}
      <p class="facts">
        {version && <span class="tag">{version.type}</span>}
        {visibility === 'private' && <span class="tag">private</span>}
        {version?.targets?.map((tool) => (
          <span class="tag" key={tool}>
            {tool}
          </span>
        ))}
        {version && (
          <span>
            Published <Time at={version.publishedAt} /> by <bdi>{version.publishedBy.username}</bdi>
          </span>
        )}
      </p>
      <Notices {...{summary, version, links}} />
      {version && <CommandLine command={command} label="the install command" />}
      {version && <Tabs {...{name, version, links, tab}} />}
    </header>
  )
}

function Notices({summary, version, links}: PackageViewProps): JSX.Element {
  const {name, distTags, deprecated} = summary
  const {latest} = distTags
  const message = version?.deprecated ?? deprecated
  return (
    <>
      {message !== undefined && (
        <p class="notice warn">
          <strong>Deprecated:</strong> <bdi>{message}</bdi>
        </p>
      )}
      {version?.yanked && (
        <p class="notice warn">
          <strong>Yanked:</strong> new installs don't choose this version.
        </p>
      )}
      {version && latest !== undefined && latest !== version.version && (
        <p class="notice">
          The latest version is <a href={links.version(name, latest)}>{latest}</a>.
        </p>
      )}
    </>
  )
}

function Section({title, children}: {title: string; children: ComponentChildren}): JSX.Element {
  return (
    <section>
      <h2>{title}</h2>
      {children}
    </section>
  )
}

function Facts({summary: {name}, version, links}: PackageViewProps): JSX.Element {
  const scope = name.slice(1, name.indexOf('/'))
  const rows: [string, ComponentChildren][] = [
    ['Owner', <a href={links.scope(scope)}>@{scope}</a>],
    ...(version ? factsOf(version) : []),
  ]
  return (
    <Section title="About">
      <dl>
        {rows.map(([title, value]) => (
          <div key={title}>
            <dt>{title}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Section>
  )
}

function factsOf({license, dist, homepage, repository}: Version): [string, ComponentChildren][] {
  return [
    ...(license === undefined ? [] : [['License', <bdi>{license}</bdi>] satisfies [string, ComponentChildren]]),
    ['Files', `${dist.fileCount}, ${sizeText(dist.unpackedSize)}`],
    ['Tarball', sizeText(dist.size)],
    ...addressRow('Homepage', homepage),
    ...addressRow('Source', repository),
  ]
}

function Downloads({weeks}: Pick<UseProps, 'weeks'>): JSX.Element {
  return (
    <Section title="Downloads a week">
      <DownloadsChart weeks={weeks} />
      <p class="faint">Downloads from this registry, caches not counted.</p>
    </Section>
  )
}

function addressRow(title: string, text: string | undefined): [string, ComponentChildren][] {
  if (text === undefined) return []
  const url = safeUrl(text)
  if (url === undefined) return [[title, <bdi>{text}</bdi>]]
  return [
    [
      title,
      <a href={url} {...foreign}>
        <bdi>{url.replace(/^https?:\/\//, '')}</bdi>
      </a>,
    ],
  ]
}

interface VersionsProps {
  summary: PackageSummary
  shown: string | undefined
  links: Links
}

function Versions({summary, shown, links}: VersionsProps): JSX.Element {
  const {name, order, versions, distTags} = summary
  const tagsOf = (version: string) => Object.keys(distTags).filter((tag) => distTags[tag] === version)
  const listed = order.slice(0, maxListed)
  return (
    <Section title="Versions">
      <ul class="versions">
        {listed.map((each) => (
          <li key={each}>
            <a href={links.version(name, each)} aria-current={each === shown ? 'page' : undefined}>
              {each}
            </a>
            {tagsOf(each).map((tag) => (
              <span class="tag" key={tag}>
                {tag}
              </span>
            ))}
            {versions[each]?.yanked && <span class="tag warn">yanked</span>}
            {versions[each]?.deprecated !== undefined && <span class="tag warn">deprecated</span>}
            <span class="faint">
              <Time at={versions[each]?.publishedAt ?? ''} />
            </span>
          </li>
        ))}
      </ul>
      {order.length > listed.length && <p class="faint">The newest {maxListed}. For all of them, run:</p>}
      {order.length > listed.length && <CommandLine command={`apkg info ${name}`} label="the command" />}
      <DistTags {...{summary, listed, links}} />
    </Section>
  )
}

/** The dist-tags of versions that are not listed. */
function DistTags({
  summary: {name, distTags},
  listed,
  links,
}: Pick<VersionsProps, 'summary' | 'links'> & {listed: readonly string[]}): JSX.Element | null {
  const others = Object.entries(distTags).filter(([, version]) => !listed.includes(version))
  if (others.length === 0) return null
  return (
    <ul class="versions">
      {others.map(([tag, version]) => (
        <li key={tag}>
          <a href={links.version(name, version)}>{version}</a>
          <span class="tag">{tag}</span>
        </li>
      ))}
    </ul>
  )
}

function Dependencies({name, version, links}: {name: string; version: Version; links: Links}): JSX.Element {
  const all = Object.entries(version.dependencies)
  const packages = all.slice(0, maxDependencies).map(([dependency, range]) => ({name: dependency, range}))
  return (
    <Section title="Dependencies">
      {all.length === 0 ? <p class="faint">None</p> : <PackageRanges {...{links, packages}} />}
      {all.length > packages.length && (
        <p>
          <a href={links.dependencies(name, version.version)}>All dependencies</a>
        </p>
      )}
    </Section>
  )
}

function Dependents({name, dependents, nextCursor, links}: UseProps['dependents'] & {links: Links}): JSX.Element {
  return (
    <Section title="Dependents">
      {dependents.length === 0 ? <p class="faint">None</p> : <PackageRanges {...{links, packages: dependents}} />}
      {nextCursor !== undefined && (
        <p>
          <a href={links.dependents(name)}>All dependents</a>
        </p>
      )}
    </Section>
  )
}

function People({summary: {maintainers}}: {summary: PackageSummary}): JSX.Element {
  return (
    <Section title="Who can publish">
      {maintainers.length === 0 ? (
        <p class="faint">No one</p>
      ) : (
        <ul class="plain-list">
          {maintainers.map(({username, role}) => (
            <li key={username}>
              <bdi>{username}</bdi> <span class="faint">{role}</span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}

function Signatures({summary, version}: {summary: PackageSummary; version: Version}): JSX.Element {
  const {attestations} = version.dist
  const author = attestations.find(({kind}) => kind === 'author')
  const signer = summary.signers?.find(({keyId}) => keyId === author?.keyId)
  const isAttested = attestations.some(({kind}) => kind === 'registry')
  return (
    <Section title="Signatures and provenance">
      <ul class="plain-list">
        <li>
          {author ? (
            <>
              Signed by <bdi>{signer?.username ?? 'an unknown user'}</bdi> with the key{' '}
              <code class="wrap">{author.keyId}</code>
              {signer && signer.status !== 'active' && <span class="tag warn">{signer.status}</span>}
            </>
          ) : (
            'Not signed by its author'
          )}
        </li>
        {isAttested && <li>Signed by the registry when it was published</li>}
        <Origin version={version} />
        <li>
          <details>
            <summary>Integrity</summary>
            <code class="wrap">{version.dist.integrity}</code>
          </details>
        </li>
      </ul>
      <p class="faint">
        The page doesn't verify signatures. <code>apkg verify</code> does.
      </p>
    </Section>
  )
}

/** The CI job that published the version, from the verified claims of its ID token. */
function Origin({version: {trustedPublisher}}: {version: Version}): JSX.Element | null {
  if (!trustedPublisher) return null
  const {repository, commit, workflow, run, subject} = trustedPublisher
  const runUrl = safeUrl(run)
  const issuer = safeUrl(trustedPublisher.issuer)
  const host = trustedPublisher.provider === 'github' ? 'https://github.com' : issuer?.replace(/\/$/, '')
  const source = repository === undefined || host === undefined ? undefined : safeUrl(`${host}/${repository}`)
  return (
    <li>
      Published by a CI job of{' '}
      {source === undefined ? (
        <bdi>{repository ?? subject}</bdi>
      ) : (
        <a href={source} {...foreign}>
          <bdi>{repository}</bdi>
        </a>
      )}
      {workflow !== undefined && (
        <>
          , workflow <code class="wrap">{workflow}</code>
        </>
      )}
      {commit !== undefined && (
        <>
          , commit <code class="wrap">{commit.slice(0, 12)}</code>
        </>
      )}
      {runUrl !== undefined && (
        <>
          {' ('}
          <a href={runUrl} {...foreign}>
            run
          </a>
          )
        </>
      )}
    </li>
  )
}
