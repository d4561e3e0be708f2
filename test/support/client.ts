import {gotTransport, RegistryClient} from '@apkg/command-kit'

/** Creates an anonymous client. */
export function clientOf(registry: string): RegistryClient {
  return new RegistryClient({
    target: {registry, services: {}},
    credential: undefined,
    transport: gotTransport({}),
    interrupted: new AbortController().signal,
    userAgent: 'test',
    offline: false,
    hintsFor: () => Promise.resolve(undefined),
    whileWaiting: (_, answer) => answer,
  })
}
