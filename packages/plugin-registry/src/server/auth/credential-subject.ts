import type {Credential} from '../store/store.js'

/** A credential, as the subject of a sentence. */
export function subjectOf(credential: Credential): string {
  if (credential.kind === 'session') return 'The session'
  return credential.kind === 'token' ? `The token "${credential.label}"` : `The token of ${credential.publisher.name}`
}
