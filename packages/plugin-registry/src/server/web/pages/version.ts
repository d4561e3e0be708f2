import {Readable} from 'node:stream'

import {parseIntegrity} from '@apkg/package-format'

import {Refusal} from '../../http/refusal.js'
import type {Preview} from '../../previews/preview.js'
import type {Previews} from '../../previews/previews.js'
import type {PageContext} from '../page.js'
import {type PackageSummary, summaryOf, type Version} from './package-summary.js'

interface Params {
  scope: string
  name: string
  version?: string
}

/** A package, and the version that a page is about. Undefined if every version was taken down. */
export interface FoundVersion {
  summary: PackageSummary
  version: Version | undefined
}

/** Finds the package and the version in the address; without one, `latest`. @throws {Refusal} if the visitor may not see it */
export async function findVersion(context: PageContext): Promise<FoundVersion> {
  const {scope, name: base, version} = context.request.params as Params
  const name = `@${scope}/${base}`
  const summary = summaryOf(await context.callRaw('getPackage', {params: {name}}))
  const wanted = version ?? summary.distTags['latest'] ?? summary.order[0]
  const found = wanted !== undefined && Object.hasOwn(summary.versions, wanted) ? summary.versions[wanted] : undefined
  if (version !== undefined && !found) {
    // The refusal of its tarball says why: it may have been taken down.
    const {body} = await context.callRaw('downloadTarball', {params: {name, version}})
    if (body instanceof Readable) body.destroy()
    throw new Refusal('VERSION_UNKNOWN')
  }
  return {summary, version: found}
}

/** As `findVersion`, for a page that is about one version. */
export async function requireVersion(context: PageContext): Promise<{summary: PackageSummary; version: Version}> {
  const {summary, version} = await findVersion(context)
  if (!version) throw new Refusal('VERSION_UNKNOWN')
  return {summary, version}
}

export type FoundPreview = Preview | 'being-prepared' | 'not-available'

/** Finds what pages show of the tarball of a version that the visitor may see. */
export async function findPreview(
  previews: Previews | undefined,
  name: string,
  {version, dist}: Version,
): Promise<FoundPreview> {
  return previews ? previews.find({name, version}, digestOf(dist.integrity)) : 'not-available'
}

/** The SHA-256 in an integrity, in hex. */
export function digestOf(integrity: string): string {
  return parseIntegrity(integrity) ?? ''
}

/** The text of a page about a version without a preview. */
export function whyNoPreview(found: 'being-prepared' | 'not-available'): string {
  return found === 'being-prepared'
    ? 'Being prepared. Reload the page in a few seconds.'
    : 'Not available for this version.'
}
