import {printable} from '@apkg/command-kit'

import type {PublicationResult} from '../../publish/publishing/publication-result.js'
import {contentLines, packedLines} from './packed.js'

/** A publication, a line a fact; one that was only tried out with all that would be sent. */
export function publicationLines(result: PublicationResult, serverIntegrity: string | undefined): string {
  if (result.status === 'dry-run') {
    const {registry, username, tag, signer} = result
    const publisher = username ?? 'unknown (not asked, or the registry does not say)'
    return `${contentLines(result)}Registry: ${registry}\nPublisher: ${printable(publisher)}\nSigner: ${signer ?? '-'}\nTag: ${tag ?? '-'}\n`
  }
  const {signer} = result
  const fromServer = serverIntegrity === undefined ? '' : `Server Integrity: ${printable(serverIntegrity)}\n`
  const signed = signer === null ? '' : `Signer: ${printable(signer)}\n`
  return packedLines(result) + fromServer + signed
}

/** What is said when it begins. */
export function beginningNote({name, version}: {name: string; version: string}): string {
  return `Publishing ${name}@${version} ...`
}

/** What is said when it is over. */
export function publicationNote({name, version, status}: PublicationResult): string {
  if (status === 'dry-run') return 'Nothing was sent (--dry-run).'
  return status === 'identical' ? `${name}@${version}: already published, identical` : `Published ${name}@${version}`
}
