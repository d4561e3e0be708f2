import {defaultScopes, isOrganizationScope, offeredScopes, type Scope} from '@apkg/wire'

import type {BrowserSessions} from '../browser-sessions.js'
import type {Page, PageContent, PageContext} from '../page.js'
import {answerChange, whoConfirms} from './change-page.js'
import type {FormFields} from './confirmation.js'
import {ChangeForm, Checkbox, FactorFields, Field, type FormProblem, HiddenFields, Problems} from './fields.js'
import {valuePage} from './token-value.js'

/** What each scope allows. */
const effects: Record<(typeof offeredScopes)[number], string> = {
  read: 'read private packages',
  publish: 'publish, tag, deprecate and yank',
  'publish:new': 'publish the first version of a package',
  'publish:update': 'publish further versions of a package',
  tag: 'set and remove dist-tags',
  deprecate: 'deprecate and yank versions',
  'token:read': 'list your tokens and show their log',
  'token:rotate': 'rotate itself',
  admin: 'everything above, and manage tokens and signing keys',
}

/** The fields by the names that the endpoint uses. */
const fields: FormFields = {
  name: {id: 'name', label: 'Label'},
  scopes: {id: 'scope-read', label: 'Scopes'},
  packageScope: {id: 'packages', label: 'Packages'},
  release: {id: 'integrity', label: 'Integrity'},
  addresses: {id: 'ip', label: 'IP addresses'},
  uses: {id: 'uses', label: 'Uses'},
  expiresIn: {id: 'expires', label: 'Expires'},
  note: {id: 'note', label: 'Note'},
}

/** The form that creates a token. It asks for what the flags of `apkg token create` set. */
export function newTokenPages(sessions: BrowserSessions): Page[] {
  return [
    {url: '/-/account/new-token', needsLogin: true, answer: (context) => newToken(context, sessions)},
    {url: '/-/account/new-token', method: 'POST', needsLogin: true, answer: (context) => create(context, sessions)},
  ]
}

async function newToken(
  context: PageContext,
  sessions: BrowserSessions,
  problems: readonly FormProblem[] = [],
): Promise<PageContent> {
  const {links, form, formToken, call, query} = context
  const organization = (form['organization'] ?? query['organization']) || undefined
  const {maxTokenLifetime, defaultTokenLifetime} = await call('getPolicy')
  const confirms = await whoConfirms(context, sessions)
  const expires = form['expires'] ?? defaultTokenLifetime ?? maxTokenLifetime ?? 'never'
  const body = (
    <section class="narrow">
      <h1>Create an API token</h1>
      {organization !== undefined && (
        <p>
          It belongs to the organization <bdi>@{organization}</bdi>.
        </p>
      )}
      <p>For CI and scripts. Its value is shown once.</p>
      <Problems problems={problems} />
      <ChangeForm action={links.to('/-/account/new-token')} token={formToken()}>
        <Field
          {...{name: 'name', label: 'Label', value: form['name'] ?? '', maxLength: 100, hint: 'Such as ci-deploy.'}}
          autocomplete="off"
        />
        {organization !== undefined && <HiddenFields fields={{organization}} />}
        <ScopeFields form={form} isOfOrganization={organization !== undefined} />
        <RestrictionFields form={form} />
        <Field
          {...{name: 'expires', label: 'Expires', value: expires, autocomplete: 'off', maxLength: 32}}
          hint={
            maxTokenLifetime
              ? `Such as 12h or 30d. At most ${maxTokenLifetime}.`
              : 'Such as 12h, 30d, 1y, 2027-01-31 or never.'
          }
        />
        <Optional form={form} name="note" label="Note" maxLength={250} hint="What it is for." />
        {confirms && <FactorFields mfaEnabled={confirms.mfaEnabled} />}
        <p>
          <button type="submit">Create</button>
        </p>
      </ChangeForm>
    </section>
  )
  return {title: 'Create an API token', isPrivate: true, body, ...(problems.length > 0 && {status: 400})}
}

type Form = PageContext['form']

function ScopeFields({form, isOfOrganization}: {form: Form; isOfOrganization: boolean}) {
  const isFirst = form['token'] === undefined
  const isChecked = (scope: Scope) => (isFirst ? defaultScopes.includes(scope) : form[`scope-${scope}`] !== undefined)
  return (
    <fieldset>
      <legend>Scopes</legend>
      {scopesFor(isOfOrganization).map((scope) => (
        <Checkbox key={scope} name={`scope-${scope}`} isChecked={isChecked(scope)}>
          <code>{scope}</code>: {effects[scope]}
        </Checkbox>
      ))}
    </fieldset>
  )
}

/** A token of an organization can't manage an account. */
function scopesFor(isOfOrganization: boolean): (keyof typeof effects)[] {
  const all = Object.keys(effects) as (keyof typeof effects)[]
  return isOfOrganization ? all.filter((scope) => isOrganizationScope(scope)) : all
}

function RestrictionFields({form}: {form: Form}) {
  return (
    <>
      <Optional
        {...{form, name: 'packages', label: 'Packages', maxLength: 10_000}}
        hint="Names and patterns, separated by commas, such as @acme/tool, @acme/*. One version, such as @acme/tool@1.2.3, needs its integrity. Empty: every package."
      />
      <Optional
        {...{form, name: 'integrity', label: 'Integrity', maxLength: 64}}
        hint="For one version, its sha256-… as apkg pack prints it. The token can publish these bytes and nothing else."
      />
      <Optional
        {...{form, name: 'ip', label: 'IP addresses', maxLength: 5000}}
        hint="Addresses and ranges, separated by commas, such as 192.0.2.0/24. Empty: any address."
      />
      <Optional
        {...{form, name: 'uses', label: 'Uses', maxLength: 7, inputmode: 'numeric'}}
        hint="How many changes to packages it can make. Empty: no limit."
      />
    </>
  )
}

interface OptionalProps {
  form: Form
  name: string
  label: string
  hint: string
  maxLength: number
  inputmode?: 'numeric'
}

function Optional({form, name, ...field}: OptionalProps) {
  return <Field {...{name, ...field, value: form[name] ?? '', autocomplete: 'off', isOptional: true}} />
}

function create(context: PageContext, sessions: BrowserSessions): Promise<PageContent | undefined> {
  const {form} = context
  const scopes = offeredScopes.filter((scope) => form[`scope-${scope}`] !== undefined)
  const ask = (problems: readonly FormProblem[]) => newToken(context, sessions, problems)
  if (scopes.length === 0) return ask([{text: 'Choose at least one scope.', field: 'scope-read'}])
  const restrictions = restrictionsOf(form)
  if ('problem' in restrictions) return ask([restrictions.problem])
  return answerChange(context, sessions, {
    change: async () => {
      const created = await context.call('createToken', {
        body: {
          ...{name: form['name'] ?? '', scopes, ...restrictions},
          expiresIn: form['expires']?.trim() ?? '',
          note: form['note']?.trim() || null,
          organization: form['organization'] || null,
        },
      })
      return valuePage(context, created, 'Token created')
    },
    ask,
    fields,
  })
}

/** What limits the token, in the form of the endpoint. */
function restrictionsOf(form: Form) {
  const packages = form['packages']?.trim() ?? ''
  const integrity = form['integrity']?.trim() ?? ''
  const [, name, version] = /^(@[^@,\s]+)@([^@,\s]+)$/.exec(packages) ?? []
  if ((version === undefined) !== (integrity === '')) {
    const problem =
      version === undefined
        ? {text: 'Packages must be one version, such as @acme/tool@1.2.3, if there is an integrity.', field: 'packages'}
        : {text: 'Integrity is required for one version.', field: 'integrity'}
    return {problem}
  }
  const uses = form['uses']?.trim() ?? ''
  const addresses = (form['ip'] ?? '').split(/[\s,]+/).filter((each) => each !== '')
  return {
    packageScope: (name ?? packages) || null,
    ...(version !== undefined && {release: {version, integrity}}),
    addresses: addresses.length > 0 ? addresses : null,
    uses: uses === '' ? null : /^\d{1,7}$/.test(uses) ? Number(uses) : Number.NaN,
  }
}
