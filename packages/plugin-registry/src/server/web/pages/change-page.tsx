import type {ComponentChildren} from 'preact'

import type {BrowserSessions, Visitor} from '../browser-sessions.js'
import type {PageContent, PageContext} from '../page.js'
import {confirmIfGiven, type FormFields, problemsOf} from './confirmation.js'
import {ChangeForm, FactorFields, type FormProblem, HiddenFields, Problems} from './fields.js'

interface ChangeQuestion {
  title: string
  /** The title with names of others in it. */
  heading?: ComponentChildren
  /** What the change does. */
  explanation: ComponentChildren
  problems: readonly FormProblem[]
  /** Where the form is sent. */
  action: string
  hidden?: Readonly<Record<string, string>>
  /** What else is asked. */
  children?: ComponentChildren
  /** The visitor, if the form asks for the factors. */
  confirms: Pick<Visitor, 'mfaEnabled'> | undefined
  submit: string
  /** Where the visitor goes without the change. */
  cancel: string
}

/** A page that asks before something is changed, and for the factors if that needs a confirmation. */
export function changePage({links, formToken}: PageContext, question: ChangeQuestion): PageContent {
  const {
    title,
    heading = title,
    explanation,
    problems,
    action,
    hidden = {},
    children,
    confirms,
    submit,
    cancel,
  } = question
  const body = (
    <section class="narrow">
      <h1>{heading}</h1>
      <p>{explanation}</p>
      <Problems problems={problems} />
      <ChangeForm action={links.to(action)} token={formToken()}>
        <HiddenFields fields={hidden} />
        {children}
        {confirms && <FactorFields mfaEnabled={confirms.mfaEnabled} />}
        <p class="actions">
          <button type="submit">{submit}</button>
          <a class="button quiet" href={links.to(cancel)}>
            Cancel
          </a>
        </p>
      </ChangeForm>
    </section>
  )
  return {title, isPrivate: true, body, ...(problems.length > 0 && {status: 400})}
}

interface Change {
  change: () => Promise<PageContent | undefined>
  /** Shows the form again. */
  ask: (problems: readonly FormProblem[]) => Promise<PageContent>
  fields?: FormFields
}

/** Confirms the factors that a form asked for, and makes the change. What the user can correct is asked again. */
export async function answerChange(
  context: PageContext,
  sessions: BrowserSessions,
  {change, ask, fields}: Change,
): Promise<PageContent | undefined> {
  try {
    await confirmIfGiven(context, sessions)
    return await change()
  } catch (error) {
    return ask(problemsOf(error, fields))
  }
}

/** The visitor, if the last login is too old for a change that needs a confirmation. */
export async function whoConfirms(
  {session = '', request}: PageContext,
  sessions: BrowserSessions,
): Promise<Visitor | undefined> {
  const visitor = await sessions.visitor(session, request)
  return visitor.mustConfirm ? visitor : undefined
}
