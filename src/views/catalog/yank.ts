import type {VersionYank} from '../../catalog/yank/yank.js'

export function yankNote({name, version, yanked}: VersionYank): string {
  return yanked ? `Yanked ${name}@${version}` : `${name}@${version} is no longer yanked`
}
