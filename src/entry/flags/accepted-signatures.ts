import {Flags} from '@oclif/core'

import type {AcceptedChanges} from '../../trust/signatures/install-time-check.js'

/** Flags that accept a changed signature, for commands that install newer versions. */
export const acceptedSignatureFlags = {
  'accept-signer': Flags.string({
    summary:
      'Accept packages signed by this key, even if an earlier version was signed by another key or the key was revoked as compromised. Repeatable.',
    helpValue: '<key-id>',
    multiple: true,
    multipleNonGreedy: true,
  }),
  'accept-unsigned': Flags.string({
    summary: 'Accept an unsigned update of this package, even though the previous version was signed. Repeatable.',
    helpValue: '<package>',
    multiple: true,
    multipleNonGreedy: true,
  }),
}

export function acceptedSignatures(flags: {
  'accept-signer'?: string[] | undefined
  'accept-unsigned'?: string[] | undefined
}): AcceptedChanges {
  return {signers: new Set(flags['accept-signer']), unsigned: new Set(flags['accept-unsigned'])}
}
