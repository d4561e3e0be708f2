import {Flags} from '@oclif/core'

import type {AcceptedChanges} from '../../trust/signatures/check-signatures.js'

/** The flags by which somebody agrees to a change of a package's signatures, for commands that install newer versions. */
export const acceptedSignatureFlags = {
  'accept-signer': Flags.string({
    summary: 'A key that may sign in the place of the one before it. Can be given several times.',
    helpValue: '<key-id>',
    multiple: true,
    multipleNonGreedy: true,
  }),
  'accept-unsigned': Flags.string({
    summary: 'A package that need not be signed any more. Can be given several times.',
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
