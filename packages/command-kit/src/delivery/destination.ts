import type {Ports} from '../ports/ports.js'
import {failure} from './failures.js'

/** The destination of a new token's value. */
export type TokenDestination =
  | {kind: 'stdout'}
  /** `file` is absolute. `replace`: an existing file may be replaced. */
  | {kind: 'file'; file: string; replace: boolean}
  | {kind: 'command'; program: string; args: readonly string[]}

/** Where a value was delivered, for `--json`. */
export interface Delivery {
  /** Path of the file that the value was written to. */
  file?: string
  /** The program that received the value on stdin. */
  delivered?: {command: string; exitCode: number}
}

/** A file or a program that can receive a value. */
export interface ReadyDestination {
  /** @throws {Undelivered} if the value didn't arrive. */
  deliver(value: string): Promise<Delivery>
  /** Removes what was prepared. Must always be called. */
  discard(): Promise<void>
}

/** A value didn't arrive. The message says why: "`gh` exited with code 1". */
export class Undelivered extends Error {
  override readonly name = 'Undelivered'
}

/**
 * Checks a destination before a token is requested, and cleans up afterwards.
 *
 * @param work gets undefined for stdout, which the command writes to itself.
 * @throws {ApkgError} `NOWHERE_TO_DELIVER`, `OUT_FILE_EXISTS`, `OUT_FILE_UNUSABLE`, `PROGRAM_NOT_FOUND`, and what
 *   `work` throws.
 */
export async function withDestination<Result>(
  destination: TokenDestination,
  ports: Ports,
  work: (ready: ReadyDestination | undefined) => Promise<Result>,
): Promise<Result> {
  const ready = await prepare(destination, ports)
  try {
    return await work(ready)
  } finally {
    await ready?.discard()
  }
}

async function prepare(destination: TokenDestination, ports: Ports): Promise<ReadyDestination | undefined> {
  if (destination.kind === 'file') {
    const {prepareFile} = await import('./deliver-to-file.js')
    return prepareFile(destination.file, destination)
  }
  if (destination.kind === 'command') {
    const {prepareCommand} = await import('./deliver-to-command.js')
    return prepareCommand(destination, ports)
  }
  if (ports.stdout.discards) throw failure('NOWHERE_TO_DELIVER')
  return undefined
}
