import {defineFailures, exitCodes, type Failure, type FailureRows} from '@apkg/command-kit'

function listed(items: string[]): string {
  return items.map((each) => `  - ${each}`).join('\n')
}

/** A version whose signature is not as it should be. */
interface SignatureTrouble {
  /** `@scope/name@version`. */
  version: string
  /** Of the key that signed it, or should have. */
  keyId: string
}

const doNotUse = 'do not use this version; tell its publisher and the operator of the registry'

/** Where another signer of a version is known from. */
const knownSigner = {
  locked: 'the lockfile has it signed by',
  before: 'what was installed before was signed by',
  attested: 'it was published signed by',
}

type KnownSigner = keyof typeof knownSigner

/** A version never changes, so for one that is locked nobody can agree to another signer in passing. */
function signerMending(known: KnownSigner, flag: string): string[] {
  const isRight = 'if its publisher says that this is right'
  if (known === 'before') return [`${isRight}, add \`${flag}\``]
  return known === 'locked' ? [`${isRight}, take its entry out of apkg-lock.json and run \`apkg install\``] : []
}

function nameOf(version: string): string {
  return version.slice(0, version.lastIndexOf('@'))
}

/** Failures of trust and signatures. */
export const failures = {
  SCOPE_INVALID: ({scope}: {scope: string}): Failure => ({
    exit: exitCodes.usage,
    message: `\`${scope}\` is no scope`,
    suggestions: ['give a scope such as @acme'],
  }),
  SCOPE_PINNED: ({scope, pinned, registry}: {scope: string; pinned: string; registry: string}): Failure => ({
    exit: exitCodes.refused,
    message: `Packages of ${scope} are pinned to ${pinned}, and this is ${registry}`,
    suggestions: [
      `add \`--registry ${pinned}\``,
      `if you no longer trust that pin, run \`apkg trust remove ${scope}\``,
    ],
  }),
  SIGNATURE_INVALID: ({version, keyId, by}: SignatureTrouble & {by: 'author' | 'registry'}): Failure => ({
    exit: exitCodes.failed,
    message: `The signature of ${version} by the ${by}'s key ${keyId} does not hold`,
    suggestions: [doNotUse],
  }),
  SIGNATURE_SWAPPED: ({version, keyId, signed}: SignatureTrouble & {signed: string}): Failure => ({
    exit: exitCodes.failed,
    message: `${version} is not what was signed: the key ${keyId} has signed other content (${signed})`,
    suggestions: [doNotUse],
  }),
  SIGNATURE_REPLAYED: ({
    version,
    keyId,
    signed,
    registry,
  }: SignatureTrouble &
    ({signed: string; registry?: undefined} | {signed?: undefined; registry: string})): Failure => ({
    exit: exitCodes.failed,
    message: `The signature of ${version} was made for something else: the key ${keyId} has signed ${signed ?? `it for ${registry}`}`,
    suggestions:
      registry === undefined
        ? [doNotUse]
        : [
            `if this registry was at ${registry} before, its operator can serve it as that again, or its publisher sign a next version for its new address`,
            `otherwise, ${doNotUse}`,
          ],
  }),
  SIGNATURE_UNATTESTED: ({version, keyId}: SignatureTrouble): Failure => ({
    exit: exitCodes.failed,
    message: `${version} is signed by ${keyId}, and the registry does not attest that it was published so`,
    suggestions: [doNotUse],
  }),
  SIGNATURE_DOWNGRADED: ({version, keyId, known}: SignatureTrouble & {known: KnownSigner}): Failure => ({
    exit: exitCodes.refused,
    message: `${version} is not signed, but ${knownSigner[known]} ${keyId}`,
    suggestions: [doNotUse, ...signerMending(known, `--accept-unsigned ${nameOf(version)}`)],
  }),
  SIGNATURE_REQUIRED: ({versions, isFrozen}: {versions: readonly string[]; isFrozen: boolean}): Failure => ({
    exit: exitCodes.refused,
    message: `Signatures are required, and ${isFrozen ? 'apkg-lock.json has no signer of these' : 'these are not signed by their authors'}:\n${listed([...versions])}`,
    suggestions: [
      ...(isFrozen ? ['to verify them and lock their signers, run `apkg install`'] : []),
      'to only be told of them, run `apkg trust set signatures warn`',
    ],
  }),
  SIGNER_CHANGED: ({
    version,
    keyId,
    before,
    known,
  }: SignatureTrouble & {before: string; known: KnownSigner}): Failure => ({
    exit: exitCodes.refused,
    message: `${version} is signed by ${keyId}, but ${knownSigner[known]} ${before}`,
    suggestions: [...(known === 'locked' ? [doNotUse] : []), ...signerMending(known, `--accept-signer ${keyId}`)],
  }),
  SIGNER_REVOKED: ({version, keyId, at}: SignatureTrouble & {at: string}): Failure => ({
    exit: exitCodes.failed,
    message: `${version} is signed by ${keyId}, which was revoked before it was published (${at})`,
    suggestions: [doNotUse],
  }),
  SIGNER_RETIRED: ({version, keyId, at}: SignatureTrouble & {at: string}): Failure => ({
    exit: exitCodes.failed,
    message: `${version} is signed by ${keyId}, which another key had replaced before it was published (${at})`,
    suggestions: [doNotUse],
  }),
  REGISTRY_KEY_UNKNOWN: ({version, keyId, registry}: SignatureTrouble & {registry: string}): Failure => ({
    exit: exitCodes.failed,
    message: `${version} is attested by ${keyId}, which is no key that ${registry} is known by`,
    suggestions: [`see the keys with \`apkg trust keys --registry ${registry}\``],
  }),
  REGISTRY_KEY_REVOKED: ({version, keyId, registry}: SignatureTrouble & {registry: string}): Failure => ({
    exit: exitCodes.failed,
    message: `${version} is attested by ${keyId}, which ${registry} has revoked as compromised`,
    suggestions: [doNotUse],
  }),
  REGISTRY_KEY_RETIRED: ({version, keyId, at}: SignatureTrouble & {at: string}): Failure => ({
    exit: exitCodes.failed,
    message: `${version} is attested by ${keyId}, which had ended before it was published (${at})`,
    suggestions: [doNotUse],
  }),
  REGISTRY_KEY_CHANGED: ({registry, reason}: {registry: string; reason: string}): Failure => ({
    exit: exitCodes.failed,
    message: `${registry} does not show the key that it is known by: ${reason}`,
    suggestions: [
      'ask its operator, another way, for the id of the key',
      `if the change is right, run \`apkg trust keys --forget --registry ${registry}\``,
    ],
  }),
  SCOPE_UNPINNED: ({scope}: {scope: string}): Failure => ({
    exit: exitCodes.failed,
    message: `${scope} is not pinned to a registry`,
    suggestions: ['run `apkg trust list`'],
  }),
} as const satisfies FailureRows

export const failure = defineFailures(failures)
