import {printable, type Screen, success} from '@apkg/command-kit'

import type {JobSource} from '../../account/trusted-publishing/job-source.js'
import type {PublicationResult} from '../../publish/publishing/publication-result.js'
import {jobName} from '../account/job-name.js'
import type {Fact} from '../facts.js'
import {contentLines, packedLines} from './packed.js'

/**
 * The facts of a publication, one per line. A dry run lists every file too. A terminal doesn't show the registry's digest
 * again if it is the same.
 */
export function publicationLines(
  result: PublicationResult,
  serverIntegrity: string | undefined,
  screen: Screen,
): string {
  const {registry, username, tag, signer} = result
  if (result.status === 'dry-run') {
    return contentLines(result, screen, [
      ['Registry', registry],
      ['Publisher', printable(username ?? 'unknown')],
      ['Signer', signer ?? 'none'],
      ['Tag', tag ?? 'none'],
    ])
  }
  const isShown = serverIntegrity !== undefined && !(screen.isTerminal && serverIntegrity === result.integrity)
  const fromServer: Fact[] = isShown ? [['Server Integrity', printable(serverIntegrity)]] : []
  const signed: Fact[] = signer === null ? [] : [['Signer', printable(signer)]]
  const next: Fact[] = screen.isTerminal
    ? [...(result.page === null ? [] : [['Page', result.page] as Fact]), ['Install', result.install]]
    : []
  return packedLines(result, screen, [...fromServer, ...signed, ...next])
}

export function publishingNote({name, version}: {name: string; version: string}, registry: string): string {
  return `Publishing ${name}@${version} to ${registry} ...`
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
