import type {CredentialSource, RequestObserver} from '@apkg/command-kit'
import type {Interfaces} from '@oclif/core'

import {askPlugins} from './ask-plugins.js'
import {runGuarded} from './run-guarded.js'
import {warnAboutPlugin} from './plugin-warning.js'

/** Something that plugins can extend, by answering an event with one or more offers. */
export interface ExtensionPoint<Offer> {
  /** `apkg:…`. */
  event: string
  /** What an offer looks like, for the warning about an invalid one. */
  shape: string
  /** Checks the shape and not the class, because a plugin has its own copy of every class. */
  isOffer: (answer: unknown) => answer is Offer
  /** Wraps an offer, so that each of its calls goes through `run`. */
  bound: (offer: Offer, run: <Result>(call: () => Result) => Result) => Offer
}

/** Credential sources, used after the variables that supply a token and the stored logins. */
export const credentials: ExtensionPoint<CredentialSource> = {
  event: 'apkg:credentials',
  shape: '{name, find}',
  isOffer: (answer): answer is CredentialSource => isNamedWith(answer, 'find'),
  bound: (source, run) => ({name: source.name, find: (query) => run(() => source.find(query))}),
}

/** Observers of each request that a command makes. */
export const requests: ExtensionPoint<RequestObserver> = {
  event: 'apkg:requests',
  shape: '{name, observe}',
  isOffer: (answer): answer is RequestObserver => isNamedWith(answer, 'observe'),
  bound: (observer, run) => ({name: observer.name, observe: (request) => run(() => observer.observe(request))}),
}

/**
 * Collects the plugins' offers, sorted by plugin name. A plugin that fails, hangs or returns an invalid offer causes a
 * warning, and its offer is ignored.
 */
export async function gather<Offer>(
  config: Interfaces.Config,
  {event, shape, isOffer, bound}: ExtensionPoint<Offer>,
): Promise<Offer[]> {
  const offered: Offer[] = []
  for (const {plugin, answer} of await askPlugins(config, event)) {
    const all = [answer ?? []].flat() as unknown[]
    if (!all.every(isOffer))
      await warnAboutPlugin(plugin, `returned an invalid result from its \`${event}\` hook: expected \`${shape}\``)
    offered.push(...all.filter(isOffer).map((offer) => bound(offer, (call) => runGuarded(plugin, call))))
  }
  return offered
}

function isNamedWith(answer: unknown, method: string): boolean {
  if (typeof answer !== 'object' || answer === null) return false
  const {name, [method]: call} = answer as Record<string, unknown>
  return typeof name === 'string' && typeof call === 'function'
}
