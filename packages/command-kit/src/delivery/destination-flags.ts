import path from 'node:path'

import {Flags} from '@oclif/core'

import type {Ports} from '../ports/ports.js'
import type {TokenDestination} from './destination.js'
import {failure} from './failures.js'

/** The flags that say where a token's value goes. */
export const destinationFlags = {
  out: Flags.string({
    summary: 'Write the token to a new file that only you can read, and print nothing on stdout.',
    description:
      'An existing file is not replaced, unless you add --force. It is left unchanged if no token is created.',
    helpValue: '<file>',
    helpGroup: 'DELIVERY',
  }),
  force: Flags.boolean({
    summary: 'Replace the file given with --out if it exists.',
    helpGroup: 'DELIVERY',
  }),
}

/**
 * Splits the arguments of a command at the first `--`. What follows is a program that receives the token.
 *
 * @returns `receiver` is undefined without a `--`.
 */
export function splitAtReceiver(argv: readonly string[]): {own: string[]; receiver: string[] | undefined} {
  const at = argv.indexOf('--')
  return at === -1 ? {own: [...argv], receiver: undefined} : {own: argv.slice(0, at), receiver: argv.slice(at + 1)}
}

/**
 * @param receiver see `splitAtReceiver`.
 * @throws {ApkgError} `USAGE` for a `--` without a program or together with `--out`, and for `--force` without `--out`.
 */
export function destinationOf(
  {out, force = false}: {out?: string | undefined; force?: boolean | undefined},
  receiver: readonly string[] | undefined,
  ports: Pick<Ports, 'cwd'>,
): TokenDestination {
  if (receiver && out !== undefined) {
    throw failure('USAGE', {message: '--out cannot be combined with a command after `--`'})
  }
  if (force && out === undefined) throw failure('USAGE', {message: '--force requires --out'})
  if (receiver) {
    const [program = '', ...args] = receiver
    if (program === '') throw failure('USAGE', {message: 'A command that receives the token must follow `--`'})
    return {kind: 'command', program, args}
  }
  if (out === undefined) return {kind: 'stdout'}
  if (out === '' || out === '-') {
    throw failure('USAGE', {message: '--out must name a file. Without it, the token is printed on stdout'})
  }
  return {kind: 'file', file: path.resolve(ports.cwd, out), replace: force}
}
