import type {JSX} from 'preact'

import {Refusal} from '../../http/refusal.js'
import type {Page, PageContext} from '../page.js'
import {type PackageSummary, summaryOf, type Version} from './package-summary.js'
import {PackageView} from './package-view.js'

export function packagePages(): Page[] {
  return [
    {url: '/@:scope/:name', answer: (context) => answerWith(context)},
    {url: '/@:scope/:name/v/:version', answer: (context) => answerWith(context)},
  ]
}

interface Params {
  scope: string
  name: string
  version?: string
}

/** Finds the package and the version in the address. @throws {Refusal} if the visitor may not see it */
export async function findVersion(
  context: PageContext,
): Promise<{summary: PackageSummary; version: Version | undefined}> {
  const {scope, name: base, version} = context.request.params as Params
  const name = `@${scope}/${base}`
  const summary = summaryOf(await context.callRaw('getPackage', {params: {name}}))
  const wanted = version ?? summary.distTags['latest'] ?? summary.order[0]
  const found = wanted === undefined ? undefined : summary.versions[wanted]
  // The endpoint's own refusal says why: it may have been taken down.
  if (version !== undefined && !found) await context.callRaw('getProvenance', {params: {name, version}})
  if (version !== undefined && !found) throw new Refusal('VERSION_UNKNOWN')
  return {summary, version: found}
}

async function answerWith(context: PageContext) {
  const {summary, version} = await findVersion(context)
  const body: JSX.Element = <PackageView {...{summary, version, links: context.links}} />
  return {title: version ? `${summary.name} ${version.version}` : summary.name, body}
}
