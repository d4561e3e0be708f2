import type {NewestVersion, VersionYank} from '../../catalog/yank/yank.js'

export function yankNote({name, version, yanked}: VersionYank): string {
  return yanked ? `Yanked ${name}@${version}` : `${name}@${version} is no longer yanked`
}

/** What projects get instead of a yanked version that was `latest`; undefined for any other version. */
export function replacementNote(
  {name, version, yanked}: VersionYank,
  newest: NewestVersion | undefined,
): string | undefined {
  if (!yanked || newest?.latest !== version) return undefined
  return newest.version === null
    ? `No version of ${name} can be added anymore: all are yanked.`
    : `It was \`latest\`. \`apkg add ${name}\` now installs ${newest.version}.`
}
