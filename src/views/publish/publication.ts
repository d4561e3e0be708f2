import {type Output, printable, success} from '@apkg/command-kit'

import type {JobSource} from '../../account/trusted-publishing/job-source.js'
import type {PublicationResult} from '../../publish/publishing/publication-result.js'
import {jobName} from '../account/job-name.js'
import {contentLines, packedLines} from './packed.js'

/**
 * The facts of a publication, one per line. A dry run lists every file too. A terminal doesn't show the registry's digest
 * again if it is the same.
 */
export function publicationLines(
  result: PublicationResult,
  serverIntegrity: string | undefined,
  {isTerminal}: Pick<Output, 'isTerminal'>,
): string {
  if (result.status === 'dry-run') {
    const {registry, username, tag, signer} = result
    return `${contentLines(result)}Registry: ${registry}\nPublisher: ${printable(username ?? 'unknown')}\nSigner: ${signer ?? '-'}\nTag: ${tag ?? '-'}\n`
  }
  const {signer} = result
  const isShown = serverIntegrity !== undefined && !(isTerminal && serverIntegrity === result.integrity)
  const fromServer = isShown ? `Server Integrity: ${printable(serverIntegrity)}\n` : ''
  const signed = signer === null ? '' : `Signer: ${printable(signer)}\n`
  return packedLines(result) + fromServer + signed
}

export function publishingNote({name, version}: {name: string; version: string}): string {
  return `Publishing ${name}@${version} ...`
}

/** Who publishes, if that is a CI job. */
export function publisherNote(job: JobSource): string {
  return `Publishing as ${jobName(job)} (trusted publisher)`
}

export function publicationNote({name, version, status}: PublicationResult): string {
  if (status === 'dry-run') return 'Nothing was sent (--dry-run).'
  return status === 'identical'
    ? `${name}@${version} is already published with the same content`
    : success(`Published ${name}@${version}`)
}
