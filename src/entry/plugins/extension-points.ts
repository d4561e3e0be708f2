import type {CredentialSource, RequestObserver} from '@apkg/command-kit'
import type {Interfaces} from '@oclif/core'

import {askPlugins} from './ask-plugins.js'
import {inBounds} from './in-bounds.js'
import {warnOf} from './trouble.js'

/** Something that plugins add to, by answering an event with what they offer, or a list of it. */
export interface ExtensionPoint<Offer> {
  /** `apkg:…`. */
  event: string
  /** What an offer looks like, as the warning says it of one that does not. */
  shape: string
  /** By shape: a plugin's offer is made with the plugin's own copy of everything. */
  isOffer: (answer: unknown) => answer is Offer
  /** The offer, with each call of it run as it is told. */
  bound: (offer: Offer, run: <Result>(call: () => Result) => Result) => Offer
}

/** Where credentials come from, after `APKG_TOKEN` and what `apkg login` stored. */
export const credentials: ExtensionPoint<CredentialSource> = {
  event: 'apkg:credentials',
  shape: '{name, find}',
  isOffer: (answer): answer is CredentialSource => isNamedWith(answer, 'find'),
  bound: (source, run) => ({name: source.name, find: (query) => run(() => source.find(query))}),
}

/** Who is told of each request that a command makes. */
export const requests: ExtensionPoint<RequestObserver> = {
  event: 'apkg:requests',
  shape: '{name, observe}',
  isOffer: (answer): answer is RequestObserver => isNamedWith(answer, 'observe'),
  bound: (observer, run) => ({name: observer.name, observe: (request) => run(() => observer.observe(request))}),
}

/**
 * What plugins offer, in the order of their names. A plugin that fails, hangs, or offers something of another shape is
 * warned about, and its offer left out.
 */
export async function gather<Offer>(
  config: Interfaces.Config,
  {event, shape, isOffer, bound}: ExtensionPoint<Offer>,
): Promise<Offer[]> {
  const offered: Offer[] = []
  for (const {plugin, answer} of await askPlugins(config, event)) {
    const all = [answer ?? []].flat() as unknown[]
    if (!all.every(isOffer)) await warnOf(plugin, `answers \`${event}\` with something that is not \`${shape}\``)
    offered.push(...all.filter(isOffer).map((offer) => bound(offer, (call) => inBounds(plugin, call))))
  }
  return offered
}

function isNamedWith(answer: unknown, method: string): boolean {
  if (typeof answer !== 'object' || answer === null) return false
  const {name, [method]: call} = answer as Record<string, unknown>
  return typeof name === 'string' && typeof call === 'function'
}
