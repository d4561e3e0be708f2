import type {Previews} from '../../previews/previews.js'
import type {Page, PageContent, PageContext} from '../page.js'
import {dependencyPages} from './dependents.js'
import {filePages} from './files.js'
import {PackageView} from './package-view.js'
import {toolsPage} from './tools.js'
import {digestOf, findPreview, findVersion} from './version.js'

/** The pages about a package. @param previews what they show of tarballs */
export function packagePages({previews}: {previews: Previews | undefined}): Page[] {
  const answer = (context: PageContext) => answerWith(context, previews)
  return [
    {url: '/@:scope/:name', answer},
    {url: '/@:scope/:name/v/:version', answer},
    toolsPage(previews),
    ...filePages(previews),
    ...dependencyPages(),
  ]
}

/** How many dependents are listed. */
const maxDependents = 10

async function answerWith(context: PageContext, previews: Previews | undefined): Promise<PageContent> {
  const {call, links} = context
  const {summary, version} = await findVersion(context)
  const params = {name: summary.name}
  const [{weeks}, dependents] = await Promise.all([
    call('getDownloads', {params}),
    call('listDependents', {params, query: {limit: maxDependents}}),
  ])
  const preview = version ? await findPreview(previews, summary.name, version) : 'not-available'
  const place = typeof preview === 'string' ? undefined : preview.readmeText?.place
  const readmeText = version && place && (await previews?.content(digestOf(version.dist.integrity), place))
  return {
    title: version ? `${summary.name} ${version.version}` : summary.name,
    body: <PackageView {...{summary, version, preview, readmeText, weeks, dependents, links}} />,
  }
}
