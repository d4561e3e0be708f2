import {printable, type RegistryClient} from '@apkg/command-kit'
import {defaultPublisherEvents, providerIssuers, type PublisherProvider} from '@apkg/wire'

import {byFlag} from '../by-flag.js'
import {failure} from '../failures.js'
import {ifOffered} from './not-offered.js'
import {publisherFromWire, type TrustedPublisher} from './trusted-publisher.js'

/** A trusted publisher to add. */
export interface PublisherRequest {
  /** A package, or `@acme/*`. */
  package: string
  provider: PublisherProvider
  /** Undefined for github.com and gitlab.com. */
  issuer: string | undefined
  claims: Record<string, string>
  workflow: string | undefined
  events: string[] | undefined
}

/**
 * Adds a trusted publisher, and compares it with the request. Removes it again if it differs.
 *
 * @throws {ApkgError} `USAGE`, `NOT_OFFERED`, `PUBLISHER_WIDER`; the errors of the client
 */
export async function addPublisher(client: RegistryClient, request: PublisherRequest): Promise<TrustedPublisher> {
  const {issuer, workflow, events} = request
  const body = {
    package: request.package,
    provider: request.provider,
    claims: request.claims,
    ...(issuer !== undefined && {issuer}),
    ...(workflow !== undefined && {workflow}),
    ...(events && {events}),
  }
  const added = publisherFromWire(
    await byFlag(client, 'addTrustedPublisher', flags, () =>
      ifOffered(client, 'add a trusted publisher', () => client.call('addTrustedPublisher', {body})),
    ),
  )
  const differences = differencesOf(request, added)
  if (differences.length === 0) return added
  const isRemoved = await client.call('removeTrustedPublisher', {params: {id: added.id}}).then(
    () => true,
    () => false,
  )
  const remove = `apkg trusted-publisher remove ${printable(added.id)} --registry ${client.registry}`
  throw failure('PUBLISHER_WIDER', {name: printable(added.name), differences, ...(!isRemoved && {remove})})
}

const flags = {package: 'The package', workflow: '--workflow', events: '--event', issuer: '--issuer', claims: '--claim'}

/** Describes what the registry stored differently, since the publisher could then accept other jobs than requested. */
function differencesOf(wanted: PublisherRequest, added: TrustedPublisher): string[] {
  const {provider} = wanted
  const issuer = wanted.issuer ?? (provider === 'oidc' ? undefined : providerIssuers[provider])
  const wantedEvents: readonly string[] | undefined =
    provider === 'github' ? (wanted.events ?? defaultPublisherEvents) : undefined
  const pairs: [string, string | undefined, string | null | undefined][] = [
    ['package', wanted.package, added.package],
    ['issuer', issuer, added.issuer],
    ['workflow', wanted.workflow, added.workflow],
    ...Object.entries(wanted.claims).map(([claim, value]): [string, string, string | undefined] => [
      claim,
      value,
      added.claims[claim],
    ]),
  ]
  const more = added.events?.filter((event) => wantedEvents && !wantedEvents.includes(event)) ?? []
  return [
    ...pairs
      .filter(([, expected, found]) => expected !== undefined && found !== expected)
      .map(([field, expected = '', found]) => `${field} is ${printable(found ?? 'missing')}, expected ${expected}`),
    ...more.map((event) => `the event ${printable(event)} is also allowed`),
  ]
}
