import type {ComponentChildren, JSX} from 'preact'

import type {PageContent} from '../page.js'

/** What is wrong with a form. @param field the ID of the field to correct, if it is one */
export interface FormProblem {
  text: string
  field?: string | undefined
}

/** What is wrong with a form, with links to its fields. It gets the focus. */
export function Problems({problems}: {problems: readonly FormProblem[]}): JSX.Element | null {
  if (problems.length === 0) return null
  return (
    <div class="problem" role="alert" tabIndex={-1} id="problem" autofocus>
      {problems.map(({text, field}) => (
        <p key={text}>{field === undefined ? <bdi>{text}</bdi> : <a href={`#${field}`}>{text}</a>}</p>
      ))}
    </div>
  )
}

interface FieldProps {
  name: string
  label: string
  hint?: string
  value?: string
  type?: 'text' | 'password'
  inputmode?: 'numeric'
  autocomplete: string
  maxLength: number
  isOptional?: boolean
  isCode?: boolean
}

/** A labeled field. */
export function Field({name, label, hint, type = 'text', isOptional = false, isCode = false, ...input}: FieldProps) {
  const field = {
    ...{id: name, name, required: !isOptional, spellcheck: false, ...input},
    ...(isCode && {class: 'code'}),
    ...(hint !== undefined && {'aria-describedby': `${name}-hint`}),
  }
  return (
    <p class="field">
      <label for={name}>{label}</label>
      {hint !== undefined && (
        <span class="faint" id={`${name}-hint`}>
          {hint}
        </span>
      )}
      {type === 'password' ? (
        <input {...field} type="password" autocapitalize="none" />
      ) : (
        <input {...field} type="text" autocapitalize="none" />
      )}
    </p>
  )
}

/** The factors that confirm something. @param mfaEnabled whether the account has a second one */
export function FactorFields({mfaEnabled}: {mfaEnabled: boolean}): JSX.Element {
  return (
    <>
      <Field name="password" label="Password" type="password" autocomplete="current-password" maxLength={1024} />
      {mfaEnabled && <CodeField />}
    </>
  )
}

/** A one-time password or a recovery code. */
export function CodeField(): JSX.Element {
  return (
    <Field
      {...{name: 'code', label: 'Authentication code', hint: 'From your authenticator app, or a recovery code.'}}
      {...{autocomplete: 'one-time-code', maxLength: 64, isCode: true}}
    />
  )
}

/** A box to check. @param name also its ID */
export function Checkbox(props: {name: string; isChecked: boolean; children: ComponentChildren}): JSX.Element {
  const {name, isChecked, children} = props
  return (
    <label class="choice">
      <input type="checkbox" id={name} name={name} value="on" checked={isChecked} />
      <span>{children}</span>
    </label>
  )
}

/** Fields that the visitor doesn't see. */
export function HiddenFields({fields}: {fields: Readonly<Record<string, string>>}): JSX.Element {
  return (
    <>
      {Object.entries(fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
    </>
  )
}

/** A form that changes something. @param token see `FormGuard` */
export function ChangeForm(props: {action: string; token: string; children: ComponentChildren}): JSX.Element {
  return (
    <form class="form" method="post" action={props.action}>
      <input type="hidden" name="token" value={props.token} />
      {props.children}
    </form>
  )
}

/** What is shown if a form was sent by another site, or from a page that is too old. */
export function rejectedForm(): PageContent {
  const body = (
    <section class="message">
      <h1>Try again</h1>
      <p>
        The form is too old, or another site sent it. Nothing was changed. Go back, reload the page, and send it again.
      </p>
    </section>
  )
  return {title: 'Try again', status: 403, isPrivate: true, body}
}

/** What is shown if a form arrives again, or together with one that gave the session a new value. @param href where to go on */
export function sentBefore(href: string): PageContent {
  const body = (
    <section class="message">
      <h1>Already sent</h1>
      <p>
        This form was submitted twice, or together with another one. Only the first took effect. You are still logged
        in.
      </p>
      <p class="actions">
        <a class="button" href={href}>
          Continue
        </a>
      </p>
    </section>
  )
  return {title: 'Already sent', status: 409, isPrivate: true, body}
}
