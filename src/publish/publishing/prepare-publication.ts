import {byteProgressOn, type Output} from '@apkg/command-kit'
import type {PublishMetadata} from '@apkg/wire/protocol'

import {failure} from '../failures.js'
import type {GitUser} from '../git/find-repository.js'
import {packProject, type PackedProject} from '../packing/pack-project.js'
import {findSecrets} from '../packing/find-secrets.js'
import type {Project} from '../../project/read-project.js'
import {readProvenance} from './read-provenance.js'
import {findReadme} from './find-readme.js'

export interface PublishOptions {
  /** The requested dist-tag; undefined for `latest`. */
  tag?: string | undefined
  /** The path of a provenance statement. */
  provenance?: string | undefined
  cwd: string
  /** Shows the progress. */
  stderr?: Output
  user: GitUser
}

/** Everything that is sent to publish a version. */
export interface Publication {
  metadata: PublishMetadata
  packed: PackedProject
}

/**
 * Packs a project and collects its metadata.
 *
 * @param project has passed `assertPublishable`.
 * @throws {ApkgError} `TEMPLATE_TEXT`; `SECRET_IN_PACKAGE` if the metadata contains a secret; the errors of `packProject`, `findReadme`
 *   and `readProvenance`.
 */
export async function preparePublication(
  project: Project,
  {tag, provenance, cwd, user, stderr}: PublishOptions,
): Promise<Publication> {
  const statement = provenance === undefined ? undefined : await readProvenance(cwd, provenance)
  const packed = await packProject(project, user, stderr && byteProgressOn(stderr, {title: 'Packing'}))
  if (packed.templateTexts.length > 0) throw failure('TEMPLATE_TEXT', {problems: packed.templateTexts})
  const {manifest} = project
  const {description, license, keywords, repository, homepage, dependencies, origin, targets} = manifest
  const metadata: PublishMetadata = {
    name: manifest.name,
    version: manifest.version,
    type: manifest.type,
    integrity: packed.integrity,
    visibility: manifest.visibility,
    ...withoutBlanks({description, license, keywords, repository, homepage, dependencies, origin, targets}),
    ...withoutBlanks({readme: findReadme(packed, manifest.readme)}),
    ...(tag !== undefined && {tag}),
    ...(statement && {provenance: statement}),
  }
  await assertWithoutSecrets(metadata)
  return {metadata, packed}
}

/** Also finds secrets that are written with escapes in a file, but sent as plain text. */
async function assertWithoutSecrets(metadata: PublishMetadata): Promise<void> {
  const secrets: string[] = []
  for (const [field, value] of Object.entries(metadata)) {
    const found = await findSecrets('', JSON.stringify(value))
    secrets.push(...found.map(({kind}) => `\`${field}\`: ${kind}`))
  }
  if (secrets.length > 0) throw failure('SECRET_IN_PACKAGE', {secrets})
}

/** Registries of the original protocol expect blank fields to be absent. */
function withoutBlanks(fields: Record<string, unknown>): Partial<PublishMetadata> {
  const isBlank = (value: unknown) =>
    value === undefined || value === '' || (typeof value === 'object' && Object.keys(value ?? {}).length === 0)
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !isBlank(value)))
}
