import type {Transport} from '@apkg/command-kit'

export interface RegistryProbe {
  status: number
  /** How far this machine's clock is ahead of the registry's, in milliseconds; undefined without a `Date` header. */
  ahead: number | undefined
}

/**
 * Requests a registry's root without a credential.
 *
 * @throws {TransportError} if the registry doesn't respond.
 */
export async function probeRegistry(
  registry: string,
  {transport, userAgent, now, signal}: {transport: Transport; userAgent: string; now: () => Date; signal: AbortSignal},
): Promise<RegistryProbe> {
  const sentAt = now().getTime()
  const {status, headers} = await transport({
    method: 'GET',
    url: new URL(registry),
    headers: {'user-agent': userAgent},
    signal,
  })
  const date = typeof headers['date'] === 'string' ? Date.parse(headers['date']) : NaN
  // The header is rounded down to seconds. It was written between the request and the response.
  const ahead = (sentAt + now().getTime()) / 2 - (date + 500)
  return {status, ahead: Number.isNaN(ahead) ? undefined : ahead}
}
