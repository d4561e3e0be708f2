import type {Refusal} from '../../http/refusal.js'
import type {Page, PageContent, PageContext} from '../page.js'
import {ChangeForm, Field, type FormProblem, Problems} from './fields.js'

/** The page that the link of an invitation opens. Its code is in the fragment, which a script puts into the field. */
export function invitePages(): Page[] {
  return [
    {url: '/-/invite', answer: async (context) => invitePage(context)},
    {url: '/-/invite', method: 'POST', answer: accept},
  ]
}

async function accept(context: PageContext): Promise<PageContent> {
  const {call, form, links} = context
  const {code = '', password = '', repeated} = form
  const again = (problem: FormProblem) => ({...invitePage(context, problem), status: 400})
  if (password !== repeated) return again({text: 'The passwords differ.', field: 'repeated'})
  try {
    const {username} = await call('acceptInvitation', {body: {code: code.trim(), password}})
    const body = (
      <section class="narrow">
        <h1>Password set</h1>
        <p>
          You can log in as <bdi>{username}</bdi> now.
        </p>
        <p class="actions">
          <a class="button" href={links.login('/-/account')}>
            Log in
          </a>
        </p>
      </section>
    )
    return {title: 'Password set', isPrivate: true, body}
  } catch (error) {
    const problem = problems[(error as Refusal).code]
    if (!problem) throw error
    return again(problem)
  }
}

/** What the user can correct. Everything else is an error page. */
const problems: Partial<Record<Refusal['code'], FormProblem>> = {
  VALIDATION: {text: 'The password must have 8 to 1024 characters, and the code must not be empty.', field: 'password'},
  INVITATION_INVALID: {
    text: 'The link was used, revoked or has expired. Ask the operator for another one.',
    field: 'code',
  },
  NAME_TAKEN: {text: 'The username was taken in the meantime. Ask the operator for another invitation.'},
}

function invitePage({links, form, formToken}: PageContext, problem?: FormProblem): PageContent {
  const body = (
    <section class="narrow">
      <h1>Set your password</h1>
      <Problems problems={problem ? [problem] : []} />
      <ChangeForm action={links.to('/-/invite')} token={formToken()}>
        <Field
          {...{name: 'code', label: 'Code', hint: 'The part of the link after #.', value: form['code'] ?? ''}}
          {...{autocomplete: 'off', maxLength: 128, isCode: true}}
        />
        <Field
          {...{name: 'password', label: 'New password', hint: 'At least 8 characters. Spaces are allowed.'}}
          {...{type: 'password', autocomplete: 'new-password', maxLength: 1024}}
        />
        <Field
          {...{name: 'repeated', label: 'Repeat the password', type: 'password'}}
          {...{autocomplete: 'new-password', maxLength: 1024}}
        />
        <p>
          <button type="submit">Set password</button>
        </p>
      </ChangeForm>
    </section>
  )
  return {title: 'Set your password', isPrivate: true, scripts: ['invite.js'], body}
}
