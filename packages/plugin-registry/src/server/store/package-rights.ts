import {coversPackage, type Grant, grantsOf} from '@apkg/wire'

import type {Credential, Standing} from './store.js'

/** Whether somebody may read a package; false also where there is none, since the two are not told apart. */
export function mayRead(standing: Standing, name: string, credential: Credential | undefined): boolean {
  if (standing.visibility !== 'private') return standing.visibility === 'public'
  return standing.role !== undefined && credential !== undefined && reaches(credential, 'read', name)
}

/** Whether somebody may publish, tag and deprecate a package, which need not exist. */
export function mayChange(standing: Standing, name: string, credential: Credential): boolean {
  return (standing.role === 'owner' || standing.role === 'publisher') && reaches(credential, 'publish', name)
}

function reaches(credential: Credential, grant: Grant, name: string): boolean {
  if (credential.kind === 'session') return true
  return grantsOf(credential.scopes).has(grant) && coversPackage(credential.patterns, name)
}
