import {defineFailures, exitCodes, type Failure, type FailureRows} from '@apkg/command-kit'

/** A version with a missing, invalid or unexpected signature. */
interface SignatureFacts {
  /** `@scope/name@version`. */
  version: string
  /** ID of the key that signed it, or should have. */
  keyId: string
}

const doNotUse = 'do not use this version. Report it to its publisher and to the registry operator'

/** How the expected signer of a version is known. */
const expectedSigner = {
  locked: 'the lockfile records a signature by',
  before: 'the previous version was signed by',
  attested: 'the registry attests a signature by',
}

type ExpectedSigner = keyof typeof expectedSigner

/** A locked version can't get another signer, so a flag isn't enough to accept one. */
function acceptHints(expected: ExpectedSigner, flag: string, isRequired = false): string[] {
  const warn = isRequired ? ', run `apkg trust set signatures warn`' : ''
  const isConfirmed = `if its publisher confirms the change${warn}`
  if (expected === 'before') return [`${isConfirmed}, add \`${flag}\``]
  return expected === 'locked' ? [`${isConfirmed}, remove its entry from apkg-lock.json and run \`apkg install\``] : []
}

function nameOf(version: string): string {
  return version.slice(0, version.lastIndexOf('@'))
}

/** Failures of trust and signatures. */
export const failures = {
  SCOPE_INVALID: ({scope}: {scope: string}): Failure => ({
    exit: exitCodes.usage,
    message: `\`${scope}\` is not a valid scope`,
    suggestions: ['use a scope such as @acme'],
  }),
  ROUTE_CONTRADICTED: ({scope, route, registry}: {scope: string; route: string; registry: string}): Failure => ({
    exit: exitCodes.usage,
    message: `Packages of ${scope} come from ${route}, but --registry is ${registry}`,
    suggestions: ['omit `--registry`', `to change the route, run \`apkg trust add ${scope} ${registry}\``],
  }),
  ROUTES_UNACCEPTED: ({proposed}: {proposed: Readonly<Record<string, string>>}): Failure => ({
    exit: exitCodes.refused,
    message: [
      'This project gets packages from other registries, which you have not accepted:',
      ...Object.entries(proposed).map(([scope, registry]) => `  ${scope} from ${registry}`),
    ].join('\n'),
    suggestions: [
      'if you trust them, run `apkg trust accept` to accept them for this project',
      `in CI, ${Object.entries(proposed)
        .map(([scope, registry]) => `run \`apkg trust add ${scope} ${registry}\``)
        .join(' and ')} before the install`,
    ],
  }),
  ROUTES_ABSENT: ({folder}: {folder: string}): Failure => ({
    exit: exitCodes.failed,
    message: `No registries to accept: the apkg.json of ${folder} lists none`,
    suggestions: ['run `apkg trust add` to get the packages of a scope from another registry'],
  }),
  SCOPE_UNPINNED: ({scope}: {scope: string}): Failure => ({
    exit: exitCodes.failed,
    message: `${scope} is not routed to a registry`,
    suggestions: ['run `apkg trust list` to see the routed scopes'],
  }),
  SIGNATURE_INVALID: ({version, keyId, by}: SignatureFacts & {by: 'author' | 'registry'}): Failure => ({
    exit: exitCodes.failed,
    message: `The ${by}'s signature on ${version} is invalid (key ${keyId})`,
    suggestions: [doNotUse],
  }),
  SIGNATURE_SWAPPED: ({version, keyId, signed}: SignatureFacts & {signed: string}): Failure => ({
    exit: exitCodes.failed,
    message: `The signature on ${version} is for different content (key ${keyId} signed ${signed})`,
    suggestions: [doNotUse],
  }),
  SIGNATURE_REPLAYED: ({
    version,
    keyId,
    signed,
    registry,
  }: SignatureFacts & ({signed: string; registry?: undefined} | {signed?: undefined; registry: string})): Failure => ({
    exit: exitCodes.failed,
    message: `The signature on ${version} is for ${signed ?? `the registry ${registry}`} (key ${keyId})`,
    suggestions:
      registry === undefined
        ? [doNotUse]
        : [
            `if the registry has moved from ${registry}, ask its operator to serve it under that URL again, or the publisher to publish a new version`,
            `otherwise, ${doNotUse}`,
          ],
  }),
  ATTESTATION_MISSING: ({version, registry}: {version: string; registry: string}): Failure => ({
    exit: exitCodes.failed,
    message: `${version} is not attested by ${registry}, whose keys are pinned`,
    suggestions: [
      'try again over a network that you trust: something between you and the registry may have removed the attestation',
      'if the registry operator confirms that it does not attest this version, run `apkg trust set attestations off`',
    ],
  }),
  SOURCE_UNATTESTED: ({version, registry}: {version: string; registry: string}): Failure => ({
    exit: exitCodes.failed,
    message: `${registry} names the CI job that published ${version}, but does not attest it`,
    suggestions: ["don't rely on the source of this version, and report it to the registry operator"],
  }),
  SIGNATURE_UNATTESTED: ({version, keyId}: SignatureFacts): Failure => ({
    exit: exitCodes.failed,
    message: `${version} is signed by ${keyId}, but the registry does not attest that signature`,
    suggestions: [doNotUse],
  }),
  SIGNATURE_DOWNGRADED: ({
    version,
    keyId,
    expected,
    isRequired,
  }: SignatureFacts & {
    expected: ExpectedSigner
    /** Whether an unsigned version is never accepted. */
    isRequired?: boolean
  }): Failure => ({
    exit: exitCodes.refused,
    message: `${version} is unsigned, but ${expectedSigner[expected]} ${keyId}`,
    suggestions: [doNotUse, ...acceptHints(expected, `--accept-unsigned ${nameOf(version)}`, isRequired)],
  }),
  SIGNATURE_REQUIRED: ({versions, isFrozen}: {versions: readonly string[]; isFrozen: boolean}): Failure => ({
    exit: exitCodes.refused,
    message: [
      `Signatures are required, but ${isFrozen ? 'apkg-lock.json does not record a signer for these packages' : 'these packages are not signed by their authors'}:`,
      ...versions.map((version) => `  - ${version}`),
    ].join('\n'),
    suggestions: [
      isFrozen
        ? 'run `apkg install` to verify them and record their signers'
        : `run \`apkg info ${nameOf(versions[0] ?? '')}\` to see who published it: a CI job has no author's key, and the registry's attestation of the job is not an author's signature`,
      'run `apkg trust set signatures warn` to get a warning instead',
    ],
  }),
  SIGNER_CHANGED: ({
    version,
    keyId,
    before,
    expected,
  }: SignatureFacts & {before: string; expected: ExpectedSigner}): Failure => ({
    exit: exitCodes.refused,
    message: `${version} is signed by ${keyId}, but ${expectedSigner[expected]} ${before}`,
    suggestions: [...(expected === 'locked' ? [doNotUse] : []), ...acceptHints(expected, `--accept-signer ${keyId}`)],
  }),
  SIGNER_COMPROMISED: ({
    version,
    keyId,
    at,
    ways,
  }: SignatureFacts & {
    at: string | null
    /** Hints for avoiding this version, if there are any. */
    ways?: readonly string[]
  }): Failure => ({
    exit: exitCodes.refused,
    message: `${version} is signed by ${keyId}, which was revoked as compromised${at === null ? '' : ` on ${at}`}`,
    suggestions: [...(ways ?? []), `if its publisher confirms this version, add \`--accept-signer ${keyId}\``],
  }),
  SIGNER_REVOKED: ({version, keyId, at}: SignatureFacts & {at: string | null}): Failure => ({
    exit: exitCodes.failed,
    message: `${version} is signed by ${keyId}, which was revoked ${at === null ? '' : `on ${at}, `}before the version was published`,
    suggestions: [doNotUse],
  }),
  SIGNER_RETIRED: ({version, keyId, at}: SignatureFacts & {at: string | null}): Failure => ({
    exit: exitCodes.failed,
    message: `${version} is signed by ${keyId}, which was retired ${at === null ? '' : `on ${at}, `}before the version was published`,
    suggestions: [doNotUse],
  }),
  REGISTRY_KEY_UNKNOWN: ({version, keyId, registry}: SignatureFacts & {registry: string}): Failure => ({
    exit: exitCodes.failed,
    message: `${version} is attested by ${keyId}, which is not a trusted key of ${registry}`,
    suggestions: [`run \`apkg trust keys --registry ${registry}\` to list its trusted keys`],
  }),
  REGISTRY_KEY_REVOKED: ({version, keyId, registry}: SignatureFacts & {registry: string}): Failure => ({
    exit: exitCodes.failed,
    message: `${version} is attested by ${keyId}, which ${registry} has revoked as compromised`,
    suggestions: [doNotUse],
  }),
  REGISTRY_KEY_RETIRED: ({version, keyId, at}: SignatureFacts & {at: string | null}): Failure => ({
    exit: exitCodes.failed,
    message: `${version} is attested by ${keyId}, which had expired when the version was published${at === null ? '' : ` on ${at}`}`,
    suggestions: [doNotUse],
  }),
  REGISTRY_KEY_CHANGED: ({registry, reason}: {registry: string; reason: string}): Failure => ({
    exit: exitCodes.failed,
    message: `The signing key of ${registry} has changed: ${reason}`,
    suggestions: [
      'ask the registry operator for the ID of the new key, over a channel you trust',
      `if it matches, run \`apkg trust keys --forget --registry ${registry}\``,
    ],
  }),
} as const satisfies FailureRows

export const failure = defineFailures(failures)
