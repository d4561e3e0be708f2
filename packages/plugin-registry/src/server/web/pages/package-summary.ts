import {compareVersions} from '@apkg/package-format'

import type {CallAnswer} from '../call.js'
import type {BodyOf} from '../call.js'

export type Packument = BodyOf<'getPackage'>
export type Version = Packument['versions'][string]

/** What pages show of a package. */
export interface PackageSummary extends Omit<Packument, 'versions'> {
  /** Newest first by version number. */
  order: readonly string[]
  versions: Packument['versions']
}

/** By the serialized packument, which the registry keeps in memory while the package doesn't change. */
const summaries = new WeakMap<Buffer, PackageSummary>()

/** Reads the response of `getPackage`. Parsing one with many versions takes longer than sending it, so it is done once. */
export function summaryOf({json, body}: CallAnswer): PackageSummary {
  const known = json && summaries.get(json)
  if (known) return known
  const packument = (json ? JSON.parse(json.toString()) : body) as Packument
  const summary = {...packument, order: Object.keys(packument.versions).sort(compareVersions).reverse()}
  if (json) summaries.set(json, summary)
  return summary
}
