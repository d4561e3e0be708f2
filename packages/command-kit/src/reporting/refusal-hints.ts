import {isOrganizationName, type ProblemCode, problems, tokenIdPattern} from '@apkg/wire'

import type {RegistryRefusal} from '../client/registry-refusal.js'
import type {ShadowedSource} from '../credentials/resolve-credential.js'
import {isTrustedPublishing} from '../credentials/id-token-variables.js'
import {isTokenVariable} from '../credentials/token-variable.js'

const publishFromJob = 'publish from a CI job of a trusted publisher (see `apkg trusted-publisher list`)'

/** The next step after a refusal, by the registry's error code. */
const hintByCode: ReadonlyMap<string | undefined, string> = new Map<ProblemCode, string>([
  ['ADDRESS_REFUSED', 'use a token whose --ip includes this address (see `apkg help token create`)'],
  ['VALUE_ROTATED', 'use the new value of the token'],
  ['TOKEN_SPENT', 'use another token, or create one with `apkg token create`'],
  [
    'LABEL_TAKEN',
    'choose another --label, or run `apkg token show`, `apkg token rotate` or `apkg token revoke` with this one',
  ],
  ['TOKEN_AMBIGUOUS', 'use the full ID, which `apkg token list` prints'],
  ['TOKEN_LIMIT', 'run `apkg token list`, and `apkg token revoke` for the tokens you no longer need'],
  ['LIFETIME_TOO_LONG', 'choose a shorter --expires, or leave it out to get what the registry allows'],
  ['NO_CURRENT_TOKEN', 'run `apkg logout` to revoke a session'],
  ['SESSION_REQUIRED', 'run `apkg login` with a password, then run the command again'],
  [
    'ORGANIZATION_FORBIDDEN',
    'check the name of the organization, or ask one of its admins. If it has none, the registry operator can add one with `apkg registry org add <organization> <user> --role admin`',
  ],
  ['LAST_ADMIN', 'first make another member an admin: `apkg org member add <organization> <user> --role admin`'],
  ['TOKEN_CANNOT_CREATE', 'run `apkg login` with a password, then create the token'],
  ['KEY_TAKEN', 'run `apkg key generate` for a new key, then register that one'],
  ['KEY_WEAK', 'run `apkg key generate` for a new key, then register that one'],
  ['PROOF_INVALID', 'use --registry to pass the URL that the registry operator gave you'],
  ['SIGNER_UNKNOWN', 'run `apkg key register`, then publish again'],
  ['VERSION_EXISTS', 'set a new version, such as with `apkg version patch`, then publish it'],
  ['VERSION_RETIRED', 'set a new version, such as with `apkg version patch`, then publish it'],
  ['VISIBILITY_FIXED', 'set `visibility` in apkg.json to what it was when the package was first published'],
  ['TRUSTED_PUBLISHER_EXISTS', 'run `apkg trusted-publisher list` to see it'],
  [
    'TRUSTED_PUBLISHER_LIMIT',
    'run `apkg trusted-publisher list`, and `apkg trusted-publisher remove` for those you no longer need',
  ],
  ['KEY_LIMIT', 'run `apkg key list`, and `apkg key revoke` for the keys you no longer need'],
  ['DIST_TAG_LATEST', 'point it at another version: `apkg dist-tag add <package>@<version> latest`'],
])

/** Which token to use instead of a refused one in a variable. */
const fittingByCode: Partial<Record<ProblemCode, string>> = {
  SCOPE_INSUFFICIENT: 'token with the right --scopes and --package (see `apkg help token create`)',
  VALUE_ROTATED: 'new value of the token',
  TOKEN_SPENT: 'token with uses left (see `apkg help token create`)',
  ADDRESS_REFUSED: 'token whose --ip includes this address (see `apkg help token create`)',
}

/**
 * Returns the next steps after a refused request, most likely first. Undefined if the failure's own hints are enough.
 *
 * @param source where the credential came from.
 * @param shadowed the other credential sources for this registry.
 * @param elsewhere the next steps if a token seems to belong to another registry or service.
 */
export async function refusalHints(
  {status, code, details}: Pick<RegistryRefusal, 'status' | 'code' | 'details'>,
  source: string | undefined,
  shadowed: () => Promise<ShadowedSource[]>,
  elsewhere: (variable: string) => Promise<string[]> = () => Promise.resolve([]),
): Promise<string[] | undefined> {
  if (source !== undefined && isTrustedPublishing(source)) return jobHints(status)
  if (code === 'TRUSTED_PUBLISHING_REQUIRED') return [publishFromJob]
  const variable = source !== undefined && isTokenVariable(source) ? source : undefined
  if (code === 'CREDENTIAL_SUSPENDED') {
    return [...resumptionHints(details), ...(variable === undefined ? [] : [await without(variable, shadowed)])]
  }
  if (code === 'SUSPENSION_NOT_YOURS') return [resumptionByOperator(details)]
  if (code === 'ROTATION_IN_PROGRESS') return rotationHints(details)
  if (status === 401) {
    if (variable === undefined) return undefined
    const origin = isUnknown(code) ? await elsewhere(variable) : []
    return [...origin, setTo(variable, 'valid token'), await without(variable, shadowed)]
  }
  if (details.some(isPackageRestriction)) {
    const token = 'token whose --package includes this package (see `apkg help token create`)'
    return variable === undefined ? [`use a ${token}`] : [setTo(variable, token), await without(variable, shadowed)]
  }
  if (status === 403 && variable !== undefined) {
    const fitting = code === undefined ? undefined : fittingByCode[code as ProblemCode]
    return [...(fitting === undefined ? [] : [setTo(variable, fitting)]), await without(variable, shadowed)]
  }
  if (code === 'TRUSTED_PUBLISHER_INVALID') return [publisherHint(details)]
  const hint = hintByCode.get(code)
  return hint === undefined ? undefined : [hint]
}

/** Whether a registry doesn't know a token at all. Other registries have other codes for it, or none. */
function isUnknown(code: string | undefined): boolean {
  return code === undefined || code === 'CREDENTIAL_UNKNOWN' || !Object.hasOwn(problems, code)
}

/** Whether a detail lists the packages that a token is limited to, and the package isn't one of them. */
function isPackageRestriction({code}: RegistryRefusal['details'][number]): boolean {
  return code === 'token-packages'
}

const notByOwner: readonly (string | undefined)[] = ['operator', 'policy', 'restore']

/**
 * Each suspension can only be lifted by its owner or the operator. Older registries say by whom only in the message.
 */
function resumptionHints(details: RegistryRefusal['details']): string[] {
  const isByOwner = details.length === 0 || details.some(({code}) => code === 'owner')
  const isByOthers = details.length === 0 || details.some(({code}) => notByOwner.includes(code))
  return [...(isByOwner ? [resumptionByOwner(details)] : []), ...(isByOthers ? [resumptionByOperator(details)] : [])]
}

function resumptionByOperator(details: RegistryRefusal['details']): string {
  const id = tokenIn(details)
  return `ask the registry operator to resume it with \`apkg registry token resume${id === undefined ? '' : ` ${id}`}\``
}

/** The ID of the token that a refusal is about. Texts of the registry become part of a command only if they are IDs. */
function tokenIn(details: RegistryRefusal['details']): string | undefined {
  const id = details.find(({code}) => code === 'token')?.message
  return id !== undefined && tokenIdPattern.test(id) ? id : undefined
}

/** A session can replace a new value that was lost, even if the token itself requested it. */
function rotationHints(details: RegistryRefusal['details']): string[] {
  const id = tokenIn(details) ?? '<id>'
  if (details.some(({code}) => code === 'new-value-used')) {
    return ['use the new value', `if you don't have it, run \`apkg token rotate ${id}\` where you are logged in`]
  }
  return [
    'use the new value once, such as with `apkg whoami`',
    `if it was lost, end both values: run \`apkg token rotate ${id} --grace 0\` where you are logged in`,
  ]
}

/** Text from the registry becomes part of a command only if it has the expected format. */
function resumptionByOwner(details: RegistryRefusal['details']): string {
  const id = tokenIn(details)
  const organization = details.find(({code}) => code === 'organization')?.message
  if (id === undefined) {
    return 'as its owner, run `apkg token list --suspended`, and `apkg token resume` with its ID. If it belongs to an organization, add --org'
  }
  if (organization === undefined) return `as its owner, run \`apkg token resume ${id}\``
  return isOrganizationName(organization)
    ? `as an admin of ${organization}, run \`apkg token resume ${id} --org ${organization}\``
    : `as an admin of its organization, run \`apkg token resume ${id}\` with --org`
}

/** Which flag to change, or whom to ask. */
function publisherHint(details: RegistryRefusal['details']): string {
  return details.some(({field}) => field === 'issuer')
    ? 'check --issuer, or ask the registry operator to accept it with `apkg registry serve --oidc-issuer`'
    : 'change the flags of the fields above (see `apkg help trusted-publisher add`)'
}

function jobHints(status: number): string[] | undefined {
  if (status === 401) return ['run the job again to get a new ID token']
  return status === 403
    ? ['where you are logged in, run `apkg trusted-publisher list` to see what this job can do']
    : undefined
}

function setTo(variable: string, token: string): string {
  const article = token.startsWith('new value') ? 'the' : 'a'
  const wanted = `${article} ${token}`
  return `set ${variable} to ${variable === 'APKG_TOKEN_FILE' ? `a file with ${wanted}` : wanted}`
}

async function without(variable: string, shadowed: () => Promise<ShadowedSource[]>): Promise<string> {
  const usable = (await shadowed()).find(({problem}) => problem === undefined)
  return usable ? `unset ${variable} to use ${usable.source}` : `unset ${variable} and run \`apkg login\``
}
