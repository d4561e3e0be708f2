import type {PublishMetadata} from '@apkg/wire/protocol'

import {failure} from '../failures.js'
import {packProject, type PackedProject} from '../packing/pack-project.js'
import {secretsIn} from '../packing/secret-scan.js'
import type {Project} from '../../project/read-project.js'
import {readProvenance} from './read-provenance.js'
import {readmeOf} from './find-readme.js'

export interface PublishOptions {
  /** The dist-tag that was asked for; undefined for `latest`. */
  tag?: string | undefined
  /** A file with an attestation. */
  provenance?: string | undefined
  cwd: string
}

/** All that is sent when a package is published. */
export interface Publication {
  metadata: PublishMetadata
  packed: PackedProject
}

/**
 * Packs a project and describes it as the registry wants it described.
 *
 * @param project one that `checkPublishable` let pass.
 * @throws {ApkgError} `SECRET_IN_PACKAGE` for one that the metadata holds; what `packProject`, `readmeOf` and `readProvenance` throw.
 */
export async function preparePublication(
  project: Project,
  {tag, provenance, cwd}: PublishOptions,
): Promise<Publication> {
  const statement = provenance === undefined ? undefined : await readProvenance(cwd, provenance)
  const packed = await packProject(project)
  const {manifest} = project
  const {description, license, keywords, repository, homepage, dependencies, origin, targets} = manifest
  const metadata: PublishMetadata = {
    name: manifest.name,
    version: manifest.version,
    type: manifest.type,
    integrity: packed.integrity,
    visibility: manifest.visibility,
    ...withoutBlanks({description, license, keywords, repository, homepage, dependencies, origin, targets}),
    ...withoutBlanks({readme: readmeOf(packed, manifest.readme)}),
    ...(tag !== undefined && {tag}),
    ...(statement && {provenance: statement}),
  }
  assertWithoutSecrets(metadata)
  return {metadata, packed}
}

/** A text that is spelled in escapes in its file stands plainly in what is sent. */
function assertWithoutSecrets(metadata: PublishMetadata): void {
  const secrets = Object.entries(metadata).flatMap(([field, value]) =>
    secretsIn(JSON.stringify(value)).map(({what}) => `\`${field}\`, as it is sent: ${what}`),
  )
  if (secrets.length > 0) throw failure('SECRET_IN_PACKAGE', {secrets})
}

/** What an original registry expects to be left out where there is nothing to say. */
function withoutBlanks(fields: Record<string, unknown>): Partial<PublishMetadata> {
  const isBlank = (value: unknown) =>
    value === undefined || value === '' || (typeof value === 'object' && Object.keys(value ?? {}).length === 0)
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !isBlank(value)))
}
