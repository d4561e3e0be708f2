import type {Transport} from '@apkg/command-kit'

/** What an answer of a registry tells of itself, whatever it says. */
export interface RegistryProbe {
  status: number
  /** How far this machine's clock is ahead of the registry's, in milliseconds; undefined where it tells no time. */
  ahead: number | undefined
}

/**
 * Asks a registry for its root, without a credential.
 *
 * @throws {TransportError} where no answer comes.
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
  // The header knows whole seconds, cut; it was written somewhere between the question and the answer.
  const ahead = (sentAt + now().getTime()) / 2 - (date + 500)
  return {status, ahead: Number.isNaN(ahead) ? undefined : ahead}
}
