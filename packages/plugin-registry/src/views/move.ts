import {shellPath} from '@apkg/command-kit'

import type {MoveSummary} from '../operator/move-registry.js'
import {counted} from './counted.js'

/** What closing the registry means. */
export function moveQuestion(from: string): string {
  return `Stop serving ${from} and copy its rows? It responds with 503 from now on`
}

/**
 * The result of a move, and the next step.
 *
 * @param blobs the bucket of the new place, if it has one
 */
export function moveNote(
  {status, from, to, rows, blobs: count, bytes}: MoveSummary,
  blobs: string | undefined,
): string {
  if (status === 'canceled') return `Canceled the move of ${from}. Its servers respond again`
  if (status === 'not-moving') return `${from} is not being moved`
  if (status === 'already-moved') return `${from} was already moved to ${to}`
  const size = `${(bytes / 1024 / 1024).toFixed(1)} MiB`
  const target = to?.startsWith('postgres')
    ? `--database ${shellPath(to)} --secret-key-file <file>`
    : `--data ${shellPath(to ?? '')}`
  const bucket = blobs === undefined ? '' : ` --blobs ${blobs}`
  return [
    `Moved ${counted(rows, 'row')} and ${counted(count, 'tarball')} (${size}) from ${from} to ${to}`,
    `Stop the servers of ${from}, and run \`apkg registry serve ${target}${bucket}\` with the same --public-url. The secret key is the same.`,
  ].join('\n')
}
