import {printable} from '@apkg/command-kit'

import type {PublicationResult} from '../../publish/publishing/publication-result.js'
import {contentLines, packedLines} from './packed.js'

/** The facts of a publication, one per line. A dry run lists every file too. */
export function publicationLines(result: PublicationResult, serverIntegrity: string | undefined): string {
  if (result.status === 'dry-run') {
    const {registry, username, tag, signer} = result
    return `${contentLines(result)}Registry: ${registry}\nPublisher: ${printable(username ?? 'unknown')}\nSigner: ${signer ?? '-'}\nTag: ${tag ?? '-'}\n`
  }
  const {signer} = result
  const fromServer = serverIntegrity === undefined ? '' : `Server Integrity: ${printable(serverIntegrity)}\n`
  const signed = signer === null ? '' : `Signer: ${printable(signer)}\n`
  return packedLines(result) + fromServer + signed
}

export function publishingNote({name, version}: {name: string; version: string}): string {
  return `Publishing ${name}@${version} ...`
}

export function publicationNote({name, version, status}: PublicationResult): string {
  if (status === 'dry-run') return 'Nothing was sent (--dry-run).'
  return status === 'identical'
    ? `${name}@${version} is already published with the same content`
    : `Published ${name}@${version}`
}
