import type {JSX} from 'preact'

import {Refusal} from '../../http/refusal.js'
import type {BrowserSessions, PasswordResult} from '../browser-sessions.js'
import type {Links} from '../links.js'
import type {Page, PageContent, PageContext} from '../page.js'
import {ChangeForm, CodeField, Field, Problems} from './fields.js'

interface LoginForm {
  to: string
  username?: string
  /** The challenge for the second factor. */
  mfaToken?: string
  problem?: string
}

/** Logging in and out. */
export function loginPages(sessions: BrowserSessions): Page[] {
  return [
    {
      url: '/-/login',
      answer: async (context) => {
        const {to = '/'} = context.query
        const {session} = context
        const state = session === undefined ? undefined : await sessions.state(session)
        if (state === 'valid') return context.redirect(context.returnPath(to))
        if (state === 'over') context.setSession(undefined)
        return loginPage(context, {to: context.returnPath(to)})
      },
    },
    {url: '/-/login', method: 'POST', answer: (context) => logIn(context, sessions)},
    {
      url: '/-/logout',
      method: 'POST',
      answer: async (context) => {
        const {session, request, reply} = context
        if (session !== undefined) await sessions.logOut(session, request)
        context.setSession(undefined)
        void reply.header('clear-site-data', '"cache"')
        return context.redirect('/')
      },
    },
  ]
}

async function logIn(context: PageContext, sessions: BrowserSessions): Promise<PageContent | undefined> {
  const {to: given, username = '', password = '', mfaToken, code = ''} = context.form
  const to = context.returnPath(given)
  try {
    const result: PasswordResult =
      mfaToken === undefined
        ? await sessions.logIn({username, password}, context.session, context.request)
        : await sessions.enterCode({mfaToken, code}, context.session, context.request)
    if ('mfaToken' in result) return loginPage(context, {to, mfaToken: result.mfaToken})
    context.setSession(result.cookie)
    return context.redirect(to)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const problem = problems[error.code]
    if (problem === undefined) throw error
    const again = error.code === 'MFA_FAILED' && mfaToken !== undefined ? {mfaToken} : {}
    return {...loginPage(context, {to, username, problem, ...again}), status: 401}
  }
}

/** Wrong input, after which the form is shown again. */
const problems: Partial<Record<Refusal['code'], string>> = {
  LOGIN_FAILED: 'The username or password is wrong.',
  MFA_FAILED: 'The code is wrong or was already used.',
  MFA_CHALLENGE_EXPIRED: 'The login took too long. Enter your password again.',
  USER_DISABLED: 'Your account is disabled. Ask the operator of the registry.',
}

function loginPage({links, formToken}: PageContext, form: LoginForm): PageContent {
  return {title: 'Log in', isPrivate: true, body: <Login {...{links, form, token: formToken()}} />}
}

function Login({links, form, token}: {links: Links; form: LoginForm; token: string}): JSX.Element {
  const {to, username, mfaToken, problem} = form
  return (
    <section class="narrow">
      <h1>Log in</h1>
      <Problems
        problems={problem === undefined ? [] : [{text: problem, field: mfaToken === undefined ? 'username' : 'code'}]}
      />
      <ChangeForm action={links.to('/-/login')} token={token}>
        <input type="hidden" name="to" value={to} />
        {mfaToken === undefined ? (
          <>
            <Field name="username" label="Username" value={username ?? ''} autocomplete="username" maxLength={256} />
            <Field name="password" label="Password" type="password" autocomplete="current-password" maxLength={1024} />
          </>
        ) : (
          <>
            <input type="hidden" name="mfaToken" value={mfaToken} />
            <CodeField />
          </>
        )}
        <p>
          <button type="submit">Log in</button>
        </p>
      </ChangeForm>
      <p class="faint">
        The operator of the registry creates accounts. If you forgot your password, ask the operator to set a new one.
      </p>
    </section>
  )
}
